// Passkeys live in the device, and only a script can ask it for one; where none runs, the page says so.
const browser = window.PublicKeyCredential;
const able = browser?.parseRequestOptionsFromJSON && browser.parseCreationOptionsFromJSON;

const ask = async (form) => {
  const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
  const { passkey } = await answer.json();
  const credential = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: browser.parseCreationOptionsFromJSON(passkey) })
    : await navigator.credentials.get({ publicKey: browser.parseRequestOptionsFromJSON(passkey) });
  form.elements.passkey.value = JSON.stringify(credential.toJSON());
  form.submit();
};

for (const form of able ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.nextElementSibling.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form).catch(() => {
      form.querySelector("[role=status]").textContent = "The passkey was not used. Try again, or reload the page first.";
    });
  });
}
