// Topology: <div class="ms-topology" data-topology="ID"> draws {nodes, edges} in <script type="application/json" id="ID">.
// A node has id, label and may have kind, state, href, x, y, parent; an edge has source, target and may have label, state, href.
import cytoscape from "cytoscape";

function ink(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--ms-${name})`;
  document.body.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g);
  probe.remove();
  return `rgb(${r}, ${g}, ${b})`;
}

// Cytoscape looks for its style element by this name before it writes one, which our content policy forbids; app.css has it.
const standIn = document.createElement("template");
standIn.id = "__________cytoscape_stylesheet";
document.head.append(standIn);

const SHAPES = { site: "ellipse", ring: "ellipse", device: "round-rectangle", customer: "hexagon", port: "rectangle" };
const STATES = ["down", "degraded", "unprotected", "planned", "unknown"];
const SIGNS = { down: "✕ ", degraded: "! ", unprotected: "△ ", planned: "◷ ", unknown: "? " };

function style() {
  const states = STATES.flatMap((state) => [
    { selector: `node[state="${state}"]`, style: { "border-color": ink(state), "border-width": 4, color: ink(`${state}-ink`) } },
    { selector: `edge[state="${state}"]`, style: { "line-color": ink(state), width: 4, color: ink(`${state}-ink`), "line-style": state === "unknown" ? "dotted" : "solid" } },
  ]);
  return [
    { selector: "node", style: {
      label: "data(said)", color: ink("ink"), "font-size": 11, "text-valign": "bottom", "text-margin-y": 4, "text-outline-color": ink("sunk"), "text-outline-width": 2,
      width: 20, height: 20, shape: (node) => SHAPES[node.data("kind")] ?? "ellipse", "background-color": ink("paper"), "border-width": 2, "border-color": ink("ink-2"),
    } },
    { selector: ":parent", style: { "background-opacity": 0.4, "border-style": "dashed", "border-width": 1, "border-color": ink("line-strong") } },
    { selector: "edge", style: { width: 2, "line-color": ink("ink-3"), "curve-style": "bezier", label: "data(said)", "font-size": 10, color: ink("ink-2"), "text-outline-color": ink("sunk"), "text-outline-width": 2 } },
    { selector: "edge[role=\"protection\"]", style: { "line-style": "dashed" } },
    ...states,
    { selector: ":selected", style: { "overlay-opacity": 0.12, "overlay-color": ink("focus") } },
  ];
}

function draw(box) {
  const given = JSON.parse(document.getElementById(box.dataset.topology).textContent);
  const placed = given.nodes.length > 0 && given.nodes.every((node) => node.x !== undefined && node.x !== null);
  const said = (each) => ({ ...each, said: (SIGNS[each.state] ?? "") + (each.label ?? "") });
  const map = cytoscape({
    container: box,
    elements: [
      ...given.nodes.map((node) => ({ data: said(node), position: placed ? { x: node.x, y: node.y } : undefined })),
      ...given.edges.map((edge) => ({ data: said(edge) })),
    ],
    style: style(),
    layout: { name: placed ? "preset" : "cose", animate: false, padding: 30, fit: true, nodeDimensionsIncludeLabels: true, randomize: false },
    maxZoom: 3,
    minZoom: 0.1,
  });
  if (map.zoom() > 1.4) {
    map.zoom(1.4);
    map.center();
  }
  map.on("tap", "node, edge", (event) => event.target.data("href") && location.assign(event.target.data("href")));
  document.addEventListener("mainstay:theme", () => map.style(style()));
  box.mainstayTopology = map;
}

document.querySelectorAll("[data-topology]").forEach(draw);
