/** The look of the report page. */
export const STYLE: string = `
:root{--ground:#f5f6f8;--surface:#fff;--ink:#1b1f24;--muted:#57606a;--line:#dfe3e8;--accent:#0b62c4}
@media screen and (prefers-color-scheme:dark){:root{--ground:#0c1014;--surface:#14181d;--ink:#e6e9ed;--muted:#a3adb8;--line:#2b323a;--accent:#6cb2ff}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.75rem;line-height:1.2;margin:0}
h2{font-size:1.2rem;margin:0 0 .5rem}
p{margin:.4rem 0;max-width:46rem}
.subtitle{color:var(--muted)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1.5rem 0}
.facts div{background:var(--surface);border:1px solid var(--line);border-radius:10px;padding:.75rem 1rem}
dt{color:var(--muted);font-size:.85rem}
dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:1rem 0}
a{color:var(--accent)}
section{margin:2.25rem 0}
figure{margin:1rem 0;padding:.5rem;background:var(--surface);border:1px solid var(--line);border-radius:10px;overflow-x:auto}
figure svg{display:block;max-width:100%;height:auto;margin:0 auto}
@media screen and (max-width:44rem){figure svg{max-width:none}}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;font-weight:600;padding:.4rem .6rem}
th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
th{color:var(--muted);font-weight:600}
tbody tr:last-child td{border-bottom:0}
.number{text-align:right;font-variant-numeric:tabular-nums}
@media print{body{max-width:none;padding:0}figure{break-inside:avoid}nav{display:none}}
`;
