/**
 * Style sheet of the operators' page, for screens of 320 px and more, in light and dark. On a narrow screen each row of a
 * table is a card.
 */
export const STYLE = `
:root { color-scheme: light dark; --line: #8886; --soft: light-dark(#555, #aaa); --bad: light-dark(#a40000, #ff9a9a) }
* { box-sizing: border-box }
body { font: 16px/1.45 system-ui, sans-serif; max-width: 80rem; margin: 0 auto; padding: 1rem }
[hidden] { display: none }
header { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline }
h1 { font-size: 1.4rem; margin: 0 }
h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem }
p { margin: .5rem 0 }
code { font-size: .9em }
#message[data-kind=error], #message[data-kind=refused] { color: var(--bad) }
.none, small, dt, th, .bar { color: var(--soft) }
.bar { display: flex; justify-content: space-between; align-items: center; gap: 1rem }
button, input { font: inherit; padding: .4rem .9rem; border: 1px solid var(--line); border-radius: .4rem; min-height: 2.5rem }
button { cursor: pointer }
:focus-visible { outline: 3px solid light-dark(#0b57d0, #8ab4f8); outline-offset: 2px }
form { display: grid; gap: .5rem; max-width: 24rem; margin-top: 2rem }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1rem 0 }
dl div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem }
dd { margin: 0; font-size: 1.5rem; overflow-wrap: anywhere }
small { display: block; font-size: .8rem; min-height: 1.2em }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
th { font-weight: 500; white-space: nowrap }
td button { min-height: 2rem; padding: .15rem .8rem }
@media (max-width: 44rem) {
  dl { grid-template-columns: repeat(2, minmax(0, 1fr)) }
  dl div:last-child { grid-column: 1 / -1 }
  table, tbody, tr, td { display: block }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  tr { border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .75rem; margin-bottom: .6rem }
  td { border: 0; padding: .1rem 0; display: grid; grid-template-columns: 6rem 1fr }
  td::before { content: attr(data-title); color: var(--soft) }
  td button { min-height: 2.75rem }
}
`;
