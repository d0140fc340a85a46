// The verification page: files dropped, and the code on a printed copy read by the camera. Pictures of the camera never
// leave the machine; the text of the code is sent.
const MOST_PIXELS = 1600;
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
const halt = form.querySelector("[data-scan-stop]");
const code = form.querySelector("[name=code]");
let stream = null;
let timer = 0;
let turn = 0; // which opening of the camera is meant: one that was stopped meanwhile comes to nothing

function end(running) {
  for (const track of running.getTracks()) track.stop();
}

function stop() {
  turn += 1;
  clearTimeout(timer);
  if (stream) end(stream);
  stream = null;
  start.hidden = false;
  if (scan.contains(document.activeElement)) start.focus();
  scan.hidden = true;
}

// The whole picture and its middle, twice as large, in turn: of a code held far away the reader wants larger squares.
function look(canvas, near = false) {
  if (!stream) return;
  const part = near ? 0.5 : 1;
  const [wide, high] = [video.videoWidth * part, video.videoHeight * part];
  const scale = Math.min(1 / part, MOST_PIXELS / Math.max(wide, high, 1));
  canvas.width = Math.round(wide * scale);
  canvas.height = Math.round(high * scale);
  if (canvas.width && canvas.height) {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const [left, top] = [(video.videoWidth - wide) / 2, (video.videoHeight - high) / 2];
    context.drawImage(video, left, top, wide, high, 0, 0, canvas.width, canvas.height);
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = window.jsQR(picture.data, picture.width, picture.height);
    if (found && found.data) {
      code.value = found.data;
      stop();
      form.requestSubmit();
      return;
    }
  }
  timer = setTimeout(() => look(canvas, !near), EVERY_MS);
}

// Asked for nothing, browsers give 640 × 480, in which the small squares of a code run into each other.
const WANTED = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };
const WHY_NOT = {
  NotAllowedError: "没有允许使用摄像头。请在地址栏的摄像头图标里改为允许再试，或者拍成照片再选。",
  NotFoundError: "没有找到摄像头。请接上摄像头再试，或者拍成照片再选。",
  NotReadableError: "摄像头正被别的程序使用。请关掉那个程序再试，或者拍成照片再选。",
};

async function begin() {
  start.hidden = true;
  scan.hidden = false;
  video.hidden = false;
  halt.hidden = false;
  says.textContent = "正在打开摄像头…";
  const mine = (turn += 1);
  try {
    const opened = await navigator.mediaDevices.getUserMedia({ video: WANTED });
    if (mine !== turn) return end(opened); // stopped while the browser was asking
    stream = opened;
    video.srcObject = opened;
    await video.play();
  } catch (problem) {
    if (mine !== turn) return;
    stop();
    scan.hidden = false;
    video.hidden = true;
    halt.hidden = true;
    says.textContent = WHY_NOT[problem.name] || "摄像头打不开。请重新插接再试，或者拍成照片再选。";
    return;
  }
  says.textContent = "把原件页脚的二维码放在画面中间。";
  look(document.createElement("canvas"));
}

if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.jsQR) {
  start.hidden = false;
  start.addEventListener("click", begin);
  halt.addEventListener("click", stop);
  window.addEventListener("pagehide", stop);
}
