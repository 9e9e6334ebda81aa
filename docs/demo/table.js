// Rows of a table, drawn with the shares that are asked for.

const N = 1000, SHOWN = 8;
const place = document.getElementById("table"), women = document.getElementById("women");
const output = document.getElementById("women-asked"), fairness = document.getElementById("fairness");

// Whole numbers that come nearest to shares and add up to n.
export function counts(shares, n) {
  const exact = shares.map((share) => share * n), whole = exact.map(Math.floor);
  const order = exact.map((value, i) => [whole[i] - value, i]).sort((a, b) => a[0] - b[0]);
  for (let left = n - whole.reduce((a, b) => a + b, 0), i = 0; left > 0; left--, i++) whole[order[i][1]]++;
  return whole;
}

function cell(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function rate(name, share) {
  const bar = document.createElement("div"), part = document.createElement("span");
  bar.className = "bar";
  part.className = "of-black";
  part.style.width = `${100 * share}%`;
  bar.append(part);
  return [cell("span", `${name} with a high income`), bar, cell("span", `${(100 * share).toFixed(1)} %`)];
}

function update(data) {
  const wish = women.value / 100, mean = data.high.Female * wish + data.high.Male * (1 - wish);
  const high = fairness.value === "data" ? data.high : { Female: mean, Male: mean };
  output.textContent = `${women.value} %`;
  const shares = data.cells.map(({ sex, income }) =>
    (sex === "Female" ? wish : 1 - wish) * (income === data.positive ? high[sex] : 1 - high[sex]));
  const rows = counts(shares, N).flatMap((n, i) => data.cells[i].rows.slice(0, n).map((row) => [row, data.cells[i]]));
  const of = (sex) => rows.filter(([, at]) => at.sex === sex);
  const counted = { Female: of("Female").length / N };
  const rates = document.createElement("div");
  rates.className = "rates";
  for (const [sex, name] of [["Female", "Women"], ["Male", "Men"]]) {
    const share = of(sex).filter(([, at]) => at.income === data.positive).length / (of(sex).length || 1);
    counted[`${sex}High`] = share;
    rates.append(...rate(name, share));
  }
  const table = document.createElement("table"), head = table.insertRow();
  data.columns.forEach((name) => head.append(cell("th", name)));
  for (let i = 0; i < SHOWN; i++) {
    const line = table.insertRow();
    rows[Math.floor((i + 0.5) * rows.length / SHOWN)][0].forEach((value) => line.append(cell("td", value ?? "")));
  }
  const scroll = document.createElement("div");
  scroll.className = "rows";
  scroll.append(table);
  place.replaceChildren(cell("p", `${N.toLocaleString("en")} rows, ${(100 * counted.Female).toFixed(1)} % women`), rates, scroll);
  Object.assign(place.dataset, { women: counted.Female, womenHigh: counted.FemaleHigh, menHigh: counted.MaleHigh });
}

try {
  const data = await (await fetch("models/rows.json")).json();
  for (const input of [women, fairness]) input.addEventListener("input", () => update(data));
  update(data);
} catch (error) {
  place.replaceChildren(cell("p", `The rows cannot be read: ${error.message}`));
}
