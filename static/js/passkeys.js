// Starts allauth's passkey buttons, and says in words what went wrong. Where this script
// does not run, or the browser knows no passkeys, the page says so instead.

const ERRORS = {
  NotAllowedError: "That was cancelled, or took too long. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError: "The browser makes no passkeys for this address.",
};

const start = ({ id, dataset }) =>
  window.allauth.webauthn.forms[dataset.passkey]({
    ids: {
      add: id,
      authenticate: id,
      login: id,
      credential: dataset.credential,
      passwordless: dataset.passwordless,
      data: "passkey-data",
    },
  });

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-no-passkey]")) part.hidden = true;
  for (const part of document.querySelectorAll("[data-passkey]")) {
    part.hidden = false;
    if (part.dataset.passkey) start(part);
  }
}

document.addEventListener("allauth.error", (event) => {
  const box = document.querySelector("[data-passkey-error]");
  if (!box) return;
  event.preventDefault();
  box.textContent = ERRORS[event.detail.exception?.name] ?? "That did not work. Try again.";
  box.hidden = false;
});
