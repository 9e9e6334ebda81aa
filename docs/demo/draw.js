// Generators of digits in the browser: what is asked for, what is drawn, what is counted.

const SHOWN = 40, WANTED = 100, MOST = 1500, BATCH = 50, SIZE = 28;
const panels = document.getElementById("panels"), share = document.getElementById("share");
const asked = document.getElementById("asked"), again = document.getElementById("again");
let seed = 1, turn = 0;

// Mulberry32: the same seed, the same noise, on every machine.
function uniform(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function noise(random, n) {
  return Float32Array.from({ length: n }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

// 1: black digit on white, 0: white digit on black, -1: undecided, by the mean of the outermost rows.
export function groupOf(pixels) {
  let sum = 0;
  for (let i = 0; i < SIZE; i++) sum += pixels[i] + pixels[SIZE * (SIZE - 1) + i];
  const mean = sum / (2 * SIZE);
  return Math.abs(mean) < 0.5 ? -1 : mean > 0 ? 1 : 0;
}

async function runtime() {
  const folder = new URL("ort/", document.baseURI).href;
  let bytes = await (await fetch(folder + "ort-wasm-simd-threaded.wasm.gz")).arrayBuffer();
  const head = new Uint8Array(bytes, 0, 2);
  if (head[0] === 0x1f && head[1] === 0x8b) {  // some servers have unpacked it already
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    bytes = await new Response(unpacked).arrayBuffer();
  }
  ort.env.wasm.wasmBinary = bytes;
  ort.env.wasm.wasmPaths = folder;
  ort.env.wasm.numThreads = 1;
}

async function generate(model, random, labels, groups) {
  const n = labels.length, inputs = {};
  for (const name of model.session.inputNames) {
    if (name === "z") inputs.z = new ort.Tensor("float32", noise(random, n * model.latent), [n, model.latent]);
    else inputs[name] = new ort.Tensor("int32", Int32Array.from(name === "label" ? labels : groups), [n]);
  }
  const found = await model.session.run(inputs), pixels = found[model.session.outputNames[0]].data;
  return Array.from({ length: n }, (_, i) => pixels.subarray(i * SIZE * SIZE, (i + 1) * SIZE * SIZE));
}

// Draws until there are enough images of each group, or until `MOST` were drawn.
async function draw(model, wish, mine) {
  const random = uniform(seed * 7919 + model.number), wanted = [Math.round(WANTED * (1 - wish)), Math.round(WANTED * wish)];
  const kept = [[], []], undecided = [], seen = [0, 0];
  let drawn = 0;
  while (drawn < MOST && mine === turn) {
    const told = model.told ? Math.min(BATCH, WANTED - drawn) : BATCH;
    const labels = Array.from({ length: told }, (_, i) => (drawn + i) % 10);
    const groups = labels.map((_, i) => ((drawn + i) * 0.6180339887 % 1 < wish ? 1 : 0));
    for (const pixels of await generate(model, random, labels, groups)) {
      const group = groupOf(pixels);
      drawn++;
      if (group < 0) undecided.push(pixels);
      else if (seen[group]++, model.told || kept[group].length < wanted[group]) kept[group].push(pixels);
    }
    if (model.told ? drawn >= WANTED : kept[0].length >= wanted[0] && kept[1].length >= wanted[1]) break;
    await new Promise(requestAnimationFrame);
  }
  return { kept, undecided, seen, drawn, wanted };
}

function paint(canvas, images) {
  const columns = 10, lines = Math.ceil(SHOWN / columns), context = canvas.getContext("2d");
  canvas.width = columns * SIZE; canvas.height = lines * SIZE;
  images.slice(0, SHOWN).forEach((pixels, i) => {
    const picture = context.createImageData(SIZE, SIZE);
    pixels.forEach((value, k) => {
      const shade = Math.round(127.5 * (value + 1));
      picture.data.set([shade, shade, shade, 255], 4 * k);
    });
    context.putImageData(picture, (i % columns) * SIZE, Math.floor(i / columns) * SIZE);
  });
}

function show(model, wish, found) {
  const [white, black] = found.kept, n = white.length + black.length, counted = n ? black.length / n : 0;
  const random = uniform(seed), mixed = [...white, ...black, ...(model.told ? found.undecided : [])]
    .map((pixels) => [random(), pixels]).sort((a, b) => a[0] - b[0]).map((pair) => pair[1]);
  paint(model.canvas, mixed);
  const blank = model.told ? found.undecided.length : 0, whole = n + blank || 1;
  model.bar.innerHTML = ["black", "white", "none"].map((name, i) =>
    `<span class="of-${name}" style="width:${100 * [black.length, white.length, blank][i] / whole}%"></span>`).join("");
  const lacking = model.told ? -1 : found.kept.findIndex((part, i) => part.length < found.wanted[i]);
  model.text.textContent = `${Math.round(100 * counted)} % black digits counted, of ${n}; ${found.drawn.toLocaleString("en")} drawn, ` +
    `${Math.round(100 * found.undecided.length / found.drawn)} % of these undecided`;
  model.note.textContent = lacking < 0 ? "" :
    `It made ${found.seen[lacking]} ${["white", "black"][lacking]} digits in ${found.drawn.toLocaleString("en")} images: more cannot be had of it.`;
  model.panel.dataset.counted = counted;
  model.panel.dataset.missing = lacking >= 0;
}

async function update() {
  const mine = ++turn, wish = share.value / 100;
  asked.textContent = `${share.value} %`;
  document.body.dataset.state = "drawing";
  for (const model of models) {
    const found = await draw(model, wish, mine);
    if (mine !== turn) return;
    show(model, wish, found);
  }
  document.body.dataset.state = "done";
}

function panelOf(about, number) {
  const panel = document.createElement("article");
  panel.className = "panel";
  panel.id = about.file.replace(".onnx", "");
  panel.innerHTML = "<h3></h3><canvas role='img'></canvas><div class='bar'></div><p></p><p class='problem'></p>";
  const [title, canvas, bar, text, note] = panel.children;
  title.textContent = about.title;
  canvas.setAttribute("aria-label", `digits of: ${about.title}`);
  panels.append(panel);
  return { ...about, number, panel, canvas, bar, text, note };
}

const models = [];
try {
  const about = await (await fetch("models/about.json")).json();
  await runtime();
  for (const [number, one] of about.generators.entries()) {
    const model = panelOf(one, number);
    model.session = await ort.InferenceSession.create(`models/${one.file}`, { executionProviders: ["wasm"] });
    model.told = model.session.inputNames.includes("group");
    models.push(model);
  }
  share.addEventListener("input", update);
  again.addEventListener("click", () => { seed++; update(); });
  await update();
} catch (error) {
  panels.innerHTML = `<p class="problem"></p>`;
  panels.firstChild.textContent = `The generators cannot run here: ${error.message}. A browser of 2023 or later is needed, and the page must come from a server: python -m http.server.`;
  document.body.dataset.state = "failed";
}
