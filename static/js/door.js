// Says in words when the browser could not use a passkey (django-allauth only logs it).
document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  const said = document.getElementById('passkey_error')
  if (said) said.hidden = false
})
