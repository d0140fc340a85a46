// The verification page: files dropped, and the code on a printed copy read by the camera. Pictures of the camera never
// leave the machine; the text of the code is sent.
const MOST_PIXELS = 960;
const EVERY_MS = 150;

const form = document.querySelector("[data-verify]");
const files = form.querySelector("input[type=file]");
const drop = form.querySelector("[data-drop]");
const chosen = form.querySelector("[data-chosen]");

form.classList.add("scripted"); // the box stands for the control, which keeps the keyboard

function say() {
  const names = [...files.files].map((file) => file.name);
  chosen.textContent = names.length ? `已选 ${names.length} 个：${names.slice(0, 3).join("、")}${names.length > 3 ? "…" : ""}` : "";
}

files.addEventListener("change", say);
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  files.files = event.dataTransfer.files;
  say();
  form.requestSubmit();
});

const results = document.querySelector("[data-results]") || document.querySelector(".yc-errsum");
if (results) results.focus();

// The camera: only where the browser has one to offer, which takes https or this machine itself.
const start = form.querySelector("[data-camera]");
const scan = form.querySelector("[data-scan]");
const video = form.querySelector("[data-video]");
const says = form.querySelector("[data-scan-says]");
const code = form.querySelector("[name=code]");
let stream = null;
let timer = 0;

function stop() {
  clearTimeout(timer);
  if (stream) for (const track of stream.getTracks()) track.stop();
  stream = null;
  scan.hidden = true;
  start.hidden = false;
}

function look(canvas) {
  if (!stream) return;
  const scale = Math.min(1, MOST_PIXELS / Math.max(video.videoWidth, video.videoHeight, 1));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  if (canvas.width && canvas.height) {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = window.jsQR(picture.data, picture.width, picture.height);
    if (found && found.data) {
      code.value = found.data;
      stop();
      form.requestSubmit();
      return;
    }
  }
  timer = setTimeout(() => look(canvas), EVERY_MS);
}

async function begin() {
  start.hidden = true;
  scan.hidden = false;
  says.textContent = "正在打开摄像头…";
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    stop();
    scan.hidden = false;
    says.textContent = "摄像头打不开。请允许使用摄像头，或者拍成照片再选。";
    return;
  }
  video.srcObject = stream;
  await video.play();
  says.textContent = "把原件页脚的二维码放在画面中间。";
  look(document.createElement("canvas"));
}

if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.jsQR) {
  start.hidden = false;
  start.addEventListener("click", begin);
  form.querySelector("[data-scan-stop]").addEventListener("click", stop);
  window.addEventListener("pagehide", stop);
}
