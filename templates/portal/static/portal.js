// Progressive: every page works without this file.
"use strict";
(function () {
  const MIB = 1024 * 1024;
  const SLOW = "Không gửi được: mất kết nối với hệ thống. Hãy kiểm tra mạng rồi bấm Gửi lại; gửi hai lần cùng một tệp không sao.";

  function sized(bytes) {
    const digits = { maximumFractionDigits: 1 };
    if (bytes >= MIB) return (bytes / MIB).toLocaleString("vi-VN", digits) + " MB";
    return (Math.max(bytes, 1024) / 1024).toLocaleString("vi-VN", digits) + " KB";
  }

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function busy(form, is) {
    form.querySelectorAll("button").forEach(function (button) {
      button.disabled = is;
      if (is) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    });
  }

  function uploading(form) {
    const input = form.querySelector("input[type=file]");
    const zone = form.querySelector("[data-drop]");
    const most = Number(form.dataset.mostMib) * MIB;
    const mostFiles = Number(form.dataset.mostFiles);
    const list = element("ul", "chosen");
    const fault = element("p", "fault");
    const line = element("p", "progress");
    const words = element("span");
    const bar = document.createElement("progress");
    list.setAttribute("aria-label", "Các tệp đã chọn");
    fault.setAttribute("role", "alert");
    fault.hidden = true;
    line.setAttribute("role", "status");
    line.hidden = true;
    bar.max = 100;
    bar.setAttribute("aria-label", "Tiến độ gửi");
    line.append(bar, words);
    zone.append(list);
    zone.querySelector("label").append(element("span", "hint", " – hoặc kéo thả tệp vào khung này"));
    form.append(fault, line);

    function say(text) {
      fault.textContent = text;
      fault.hidden = !text;
    }

    function wrong(files) {
      if (!files.length) return "Chưa chọn tệp nào. Hãy chọn tệp rồi gửi lại.";
      if (files.length > mostFiles) return "Mỗi lần gửi được nhiều nhất " + mostFiles + " tệp; hãy chia thành nhiều lần.";
      const total = files.reduce(function (sum, file) { return sum + file.size; }, 0);
      if (total > most) return "Các tệp nặng " + sized(total) + ", vượt quá " + form.dataset.mostMib + " MB; hãy gửi tệp nhỏ hơn hoặc chia thành nhiều lần.";
      return "";
    }

    function show() {
      const files = Array.from(input.files);
      list.replaceChildren.apply(list, files.map(function (file) {
        return element("li", "", file.name + " (" + sized(file.size) + ")");
      }));
      say(files.length ? wrong(files) : "");
    }

    ["dragenter", "dragover"].forEach(function (name) {
      zone.addEventListener(name, function (event) {
        event.preventDefault();
        zone.classList.add("over");
      });
    });
    ["dragleave", "drop"].forEach(function (name) {
      zone.addEventListener(name, function () { zone.classList.remove("over"); });
    });
    zone.addEventListener("drop", function (event) {
      event.preventDefault();
      if (!event.dataTransfer || !event.dataTransfer.files.length) return;
      // What was chosen before stays.
      const all = new DataTransfer();
      Array.from(input.files).concat(Array.from(event.dataTransfer.files)).forEach(function (file) {
        all.items.add(file);
      });
      input.files = all.files;
      show();
    });
    input.addEventListener("change", show);

    form.addEventListener("submit", function (event) {
      event.preventDefault();
      const found = wrong(Array.from(input.files));
      say(found);
      if (found) return;
      send(form, function (share) {
        line.hidden = false;
        if (share < 1) {
          bar.value = Math.floor(share * 100);
          words.textContent = " Đang gửi: " + bar.value + "%";
        } else {
          bar.removeAttribute("value");
          words.textContent = " Đã gửi xong, đang kiểm tra…";
        }
      }, function (text) {
        line.hidden = true;
        say(text);
        fault.scrollIntoView({ block: "center" });
      });
    });
  }

  function acting(form) {
    const fault = element("p", "fault");
    fault.setAttribute("role", "alert");
    fault.hidden = true;
    form.append(fault);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      send(form, function () {}, function (text) {
        fault.textContent = text;
        fault.hidden = false;
      });
    });
  }

  // Posts a form; the answer takes the page's place, or `failed` hears why there is none.
  function send(form, progress, failed) {
    const request = new XMLHttpRequest();
    const home = form.getAttribute("action").replace(/\/[^/]*$/, "");
    request.open("POST", form.action);
    request.upload.addEventListener("progress", function (event) {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.upload.addEventListener("load", function () { progress(1); });
    request.addEventListener("load", function () {
      busy(form, false);
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      const main = answer.querySelector("main");
      // A page of its own that only says what is wrong leaves the form as it is.
      const isReport = request.status < 300 || request.status === 422;
      if (main && isReport) {
        replace(answer, main, home);
        return;
      }
      const said = main && main.querySelector("article p");
      failed(said ? said.textContent : SLOW);
    });
    ["error", "abort", "timeout"].forEach(function (name) {
      request.addEventListener(name, function () {
        busy(form, false);
        failed(SLOW);
      });
    });
    const body = new FormData(form);
    busy(form, true);
    request.send(body);
  }

  function replace(answer, main, home) {
    const old = document.querySelector("main");
    const fresh = document.adoptNode(main);
    old.replaceWith(fresh);
    document.title = answer.title;
    history.replaceState(null, "", home);
    prepare(fresh);
    const told = fresh.querySelector("#ket-qua-gui, .fault, .done");
    if (told) {
      told.setAttribute("tabindex", "-1");
      told.focus();
      told.scrollIntoView({ block: "start" });
    }
  }

  function prepare(root) {
    root.querySelectorAll("form[data-upload]").forEach(uploading);
    root.querySelectorAll("form[data-act]").forEach(acting);
  }

  // A file dropped beside the frame must not open in the page's place.
  ["dragover", "drop"].forEach(function (name) {
    window.addEventListener(name, function (event) {
      if (document.querySelector("[data-drop]")) event.preventDefault();
    });
  });
  prepare(document);
})();
