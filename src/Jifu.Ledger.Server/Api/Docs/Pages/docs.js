// Renders the OpenAPI document that this server makes of itself. No library: what is shown is what is served.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
let api;

const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
};

const resolve = schema => {
  if (schema?.$ref) return resolve(api.components.schemas[schema.$ref.split("/").pop()]);
  const real = (schema?.oneOf ?? schema?.anyOf)?.find(option => option.type !== "null");
  return real ? resolve(real) : schema ?? {};
};

const typeOf = schema => {
  const real = resolve(schema);
  const types = [real.type ?? "any"].flat().filter(type => type !== "null");
  if (real.enum) return real.enum.filter(value => value !== null).join(" | ");
  if (types[0] === "array") return `${typeOf(real.items)}[]`;
  return real.format && !["int32", "int64"].includes(real.format) ? real.format : types.join(" | ");
};

const isObject = schema => Boolean(resolve(schema).properties);

const example = (schema, name = "", depth = 0) => {
  const real = resolve(schema);
  if (depth > 6) return null;
  if (real.properties)
    return Object.fromEntries(Object.entries(real.properties).map(([key, value]) => [key, example(value, key, depth + 1)]));
  const type = [real.type].flat().find(option => option !== "null");
  if (real.enum) return real.enum.find(value => value !== null);
  if (type === "array") return [example(real.items, name, depth + 1)];
  if (type === "integer" || type === "number") return /ppm/.test(name) ? 6000 : /status/.test(name) ? 400 : 100;
  if (type === "boolean") return true;
  if (real.format === "date") return "2026-11-21";
  if (real.format === "date-time") return "2026-11-21T10:00:00+08:00";
  return "…";
};

const fields = (schema, depth = 0) => {
  const real = resolve(schema);
  const target = [real.type].flat().includes("array") ? resolve(real.items) : real;
  return Object.entries(target.properties ?? {}).flatMap(([name, value]) => {
    const inner = [resolve(value).type].flat().includes("array") ? resolve(value).items : value;
    return [
      element("tr", {},
        element("td", { class: ["", "deep", "deeper"][Math.min(depth, 2)] },
          element("code", {}, name), (target.required ?? []).includes(name) ? element("span", { class: "must", title: "required" }, " *") : null,
          element("small", {}, isObject(inner) ? (inner === value ? "object" : "object[]") : typeOf(value))),
        element("td", {}, value.description ?? resolve(value).description ?? "")),
      ...(isObject(inner) && depth < 4 ? fields(inner, depth + 1) : []),
    ];
  });
};

const idOf = (method, path) => `${method}-${path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "")}`;

const parameterRows = operation => (operation.parameters ?? []).map(parameter => element("tr", {},
  element("td", {}, element("code", {}, parameter.name), parameter.required ? element("span", { class: "must" }, " *") : null,
    element("small", {}, `${typeOf(parameter.schema)} · ${parameter.in}`)),
  element("td", {}, parameter.description ?? "")));

const table = rows => rows.length ? element("table", {}, element("tbody", {}, ...rows)) : null;

const block = (title, ...content) => content.some(Boolean) ? element("div", {}, element("h4", {}, title), ...content.filter(Boolean)) : null;

const card = (method, path, operation) => {
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  const [description, roles] = (operation.description ?? "").split("Admits 角色:");
  const answers = Object.entries(operation.responses ?? {}).filter(([status]) => status !== "default");
  const shown = answers.map(([, answer]) => answer.content?.["application/json"]?.schema).find(Boolean);
  return element("article", { class: "operation", id: idOf(method, path) },
    element("h3", {}, operation.summary ?? path),
    element("div", { class: "address" }, element("span", { class: `method ${method}` }, method.toUpperCase()), element("code", {}, path)),
    roles ? element("div", { class: "roles" }, ...roles.replace(".", "").split(",").map(role => element("span", {}, role.trim()))) : null,
    description?.trim() ? element("p", {}, description.trim()) : null,
    element("div", { class: "columns" },
      element("div", {},
        block("Parameters 参数", table(parameterRows(operation))),
        body ? block("Body 请求体", table(fields(body))) : null,
        shown ? element("details", body ? {} : { open: "" },
          element("summary", {}, `Answer 应答 ${answers.map(([status]) => status).join(" / ")}`), table(fields(shown))) : null),
      element("div", {},
        body ? block("Request 请求示例", element("pre", {}, JSON.stringify(example(body), null, 2))) : null,
        shown ? block("Answer 应答示例", element("pre", {}, JSON.stringify(example(shown), null, 2))) : null)));
};

const render = () => {
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths ?? {}))
    for (const method of METHODS.filter(name => item[name])) {
      const tag = item[method].tags?.[0] ?? "Other 其他";
      groups.set(tag, [...(groups.get(tag) ?? []), [method, path, item[method]]]);
    }
  const nav = document.getElementById("nav");
  const place = document.getElementById("operations");
  place.replaceChildren();
  for (const [tag, operations] of groups) {
    nav.append(element("h2", {}, tag));
    place.append(element("h2", { class: "tag" }, tag));
    for (const [method, path, operation] of operations) {
      nav.append(element("a", { href: `#${idOf(method, path)}`, title: `${path}\n${operation.summary ?? ""}` },
        element("span", { class: `method ${method}` }, method.toUpperCase()), element("span", {}, operation.summary ?? path.replace(/^\/v1/, ""))));
      place.append(card(method, path, operation));
    }
  }
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
};

document.getElementById("shell").textContent = `HOST=${location.origin}; KEY_ID=…; SECRET=…
METHOD=GET; TARGET=/v1/merchants/m1; BODY=
TS=$(date +%s); NONCE=$(openssl rand -hex 16)
HEX=$(printf %s "$SECRET" | base64 -d | od -An -vtx1 | tr -d ' \\n')
SIGNATURE=$(printf '%s\\n%s\\n%s\\n%s\\n%s\\n' "$METHOD" "$TARGET" "$TS" "$NONCE" "$BODY" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$HEX" -binary | base64 -w0)
curl -s -X "$METHOD" "$HOST$TARGET" -H 'Content-Type: application/json' --data-binary "$BODY" \\
  -H "Authorization: JIFU1-HMAC-SHA256 key_id=\\"$KEY_ID\\",ts=\\"$TS\\",nonce=\\"$NONCE\\",signature=\\"$SIGNATURE\\""`;

const find = document.getElementById("find");
find.addEventListener("input", () => {
  const word = find.value.trim().toLowerCase();
  for (const link of document.querySelectorAll("nav a"))
    link.hidden = word !== "" && !`${link.textContent} ${link.title}`.toLowerCase().includes(word);
  for (const link of document.querySelectorAll("nav a")) link.style.display = link.hidden ? "none" : "";
});
document.addEventListener("keydown", pressed => {
  if (pressed.key === "/" && document.activeElement !== find) { pressed.preventDefault(); find.focus(); }
});

fetch("/openapi/v1.json")
  .then(answer => answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText)))
  .then(read => { api = read; render(); })
  .catch(failure => document.getElementById("operations").replaceChildren(
    element("p", { class: "quiet" }, `The description could not be read 无法读取接口描述: ${failure.message}`)));
