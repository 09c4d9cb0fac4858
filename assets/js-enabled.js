// NHS.UK frontend starts only where the body says so; a file of its own because the policy forbids inline scripts.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("nhsuk-frontend-supported");
