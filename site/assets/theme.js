// Before the first paint: the theme that was chosen here earlier.
try {
  const theme = localStorage.getItem('ordinal-theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* no storage: the system's theme */ }
