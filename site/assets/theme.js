// Before the first paint: the theme that was chosen here earlier, and the language: the one chosen here, else Chinese for
// browsers that are set to it.
try {
  const theme = localStorage.getItem('ordinal-theme'), chosen = localStorage.getItem('ordinal-language');
  if (theme) document.documentElement.dataset.theme = theme;
  const chinese = (tag) => /^zh/i.test(tag), wanted = chosen ?? (chinese(navigator.language) ? 'zh' : document.documentElement.lang);
  const other = document.querySelector('link[rel="alternate"][hreflang]');
  if (other && chinese(wanted) !== chinese(document.documentElement.lang)) location.replace(other.href + location.search + location.hash);
} catch { /* no storage: the system's theme, the address's language */ }
