import { ipcRenderer } from 'electron';

// The window asks for its line, main answers with a port, the port goes on to the window. Nothing else crosses.
window.addEventListener('message', (event) => {
  if (event.source === window && event.data === 'counter:port-wanted') ipcRenderer.send('counter:port-wanted');
});
ipcRenderer.on('counter:port', (event) => window.postMessage('counter:port', window.location.origin, [...event.ports]));
