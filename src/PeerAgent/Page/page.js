'use strict';

const video = document.getElementById('video');
const table = document.getElementById('streams');
let playing = null;

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  while (n >= 1024 && i < units.length - 1) { n /= 1024; i++; }
  return (i === 0 ? n : n.toFixed(1)) + ' ' + units[i];
}

function play(stream) {
  playing = stream.swarmId;
  const supported = video.canPlayType('application/vnd.apple.mpegurl') !== '';
  video.hidden = !supported;
  document.getElementById('fallback').hidden = supported;
  if (supported) video.src = stream.playlistUrl;
}

function cell(row, content) {
  const td = row.insertCell();
  td.append(content);
}

function bar(held, all) {
  const box = document.createElement('span');
  const inner = document.createElement('span');
  box.className = 'bar';
  box.title = `${held} of ${all}`;
  inner.style.width = all > 0 ? `${100 * held / all}%` : '0';
  box.append(inner);
  return box;
}

function show(streams) {
  document.getElementById('hint').hidden = streams.length > 0;
  table.hidden = streams.length === 0;
  const body = table.tBodies[0];
  body.replaceChildren();
  for (const stream of streams) {
    const row = body.insertRow();
    const button = document.createElement('button');
    button.textContent = stream.clips.map(c => c.name).join(', ');
    button.title = stream.swarmId;
    button.addEventListener('click', () => play(stream));
    cell(row, button);
    cell(row, stream.state);
    cell(row, bar(stream.chunksHeld, stream.chunks));
    cell(row, bytes(stream.traffic.fromPeers));
    cell(row, bytes(stream.traffic.fromOrigin));
    cell(row, bytes(stream.traffic.toPeers));
    cell(row, String(stream.players));
    const link = document.createElement('a');
    link.href = stream.playlistUrl;
    link.textContent = 'index.m3u8';
    cell(row, link);
  }
  if (playing === null && streams.length > 0) play(streams[0]);
}

async function refresh() {
  try {
    const answer = await fetch('/streams');
    if (answer.ok) show(await answer.json());
  } finally {
    setTimeout(refresh, 2000);
  }
}

refresh();
