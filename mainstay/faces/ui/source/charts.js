// Charts: every <div class="ms-chart" data-chart="ID"> draws the ECharts option in <script type="application/json" id="ID">.
import { BarChart, HeatmapChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import { DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([BarChart, HeatmapChart, LineChart, PieChart, ScatterChart, CanvasRenderer]);
echarts.use([DatasetComponent, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent]);

// A probe resolves light-dark() and turns a token into a colour that a canvas understands.
function ink(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(--ms-${name})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function base() {
  const axis = { axisLine: { lineStyle: { color: ink("line-strong") } }, axisLabel: { color: ink("ink-2") }, splitLine: { lineStyle: { color: ink("line") } } };
  return {
    color: [ink("ink-2"), ink("link"), ink("planned"), ink("unprotected"), ink("degraded"), ink("ink-3")],
    textStyle: { color: ink("ink"), fontFamily: getComputedStyle(document.body).fontFamily },
    categoryAxis: axis, valueAxis: axis, timeAxis: axis, logAxis: axis,
    grid: { left: 8, right: 12, top: 28, bottom: 8, containLabel: true },
    legend: { textStyle: { color: ink("ink-2") } },
    tooltip: { renderMode: "richText", backgroundColor: ink("raised"), borderColor: ink("line"), textStyle: { color: ink("ink"), fontSize: 12 } },
  };
}

// "state:down" in an option becomes the colour of that state.
function coloured(value) {
  if (typeof value === "string" && value.startsWith("state:")) return ink(value.slice(6));
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each)]));
  return value;
}

function draw(box) {
  const option = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  echarts.getInstanceByDom(box)?.dispose();
  const chart = echarts.init(box, base());
  chart.setOption({ animation: false, ...coloured(option) });
  chart.on("click", (point) => point.data?.href && location.assign(point.data.href));
  new ResizeObserver(() => chart.resize()).observe(box);
}

const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
drawAll();
document.addEventListener("mainstay:theme", drawAll);
document.addEventListener("htmx:afterSettle", (event) => event.target.querySelectorAll?.("[data-chart]").forEach(draw));
