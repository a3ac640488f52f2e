/**
 * Two product pages in the manner of the two families of Shopify themes, written for this harness. One names its colours
 * as bare triplets and sets the root to 10 px, the other uses whole colours and 16 px; each has its own buttons.
 */
export type Theme = { name: string; css: string; formId: string };

const page = `
* { box-sizing: border-box; }
body { margin: 0; }
header { padding: 18px 5vw; border-bottom: 1px solid; border-color: inherit; font-weight: 600; }
main { display: grid; gap: 32px; max-width: 1200px; margin: 0 auto; padding: 24px 16px 80px; }
@media (min-width: 900px) { main { grid-template-columns: minmax(0, 55fr) minmax(0, 45fr); padding: 40px 50px 120px; gap: 56px; } }
.media { aspect-ratio: 1; border-radius: inherit; display: grid; place-items: center; opacity: .5; }
form { display: grid; gap: 12px; }
form[hidden] { display: none; }
`;

const triplets = `
html { font-size: 62.5%; }
:root { --color-foreground: 18, 18, 18; --color-background: 255, 255, 255; --color-button: 18, 18, 18; --color-button-text: 255, 255, 255; }
:root[data-scheme="dark"] { --color-foreground: 240, 236, 228; --color-background: 24, 26, 32; --color-button: 240, 236, 228; --color-button-text: 24, 26, 32; }
body { font: 400 1.6rem/1.8 Inter, sans-serif; letter-spacing: .06rem; color: rgba(var(--color-foreground), .78); background: rgb(var(--color-background)); }
h1, h2, h3, h4 { font-family: Lora, Georgia, serif; font-weight: 400; letter-spacing: 0; line-height: 1.3; color: rgb(var(--color-foreground)); }
h1 { font-size: 4rem; margin: 0; } h3 { font-size: 1.8rem; } h4 { font-size: 1.5rem; }
.media { background: rgba(var(--color-foreground), .06); }
.button { min-height: 4.7rem; min-width: 12rem; padding: 0 3rem; display: inline-flex; justify-content: center; align-items: center; border: 0; border-radius: 0; font: inherit; font-size: 1.5rem; letter-spacing: .1rem; line-height: 1.2; color: rgb(var(--color-button-text)); background: rgb(var(--color-button)); cursor: pointer; text-decoration: none; }
.button--secondary { color: rgb(var(--color-button)); background: rgb(var(--color-background)); box-shadow: inset 0 0 0 1px rgb(var(--color-button)); }
`;

const colours = `
:root { --color-foreground: #1d2b22; --color-background: #f7f3ea; --button-bg: #2f5d43; --button-text: #fffdf7; --radius: 14px; }
:root[data-scheme="dark"] { --color-foreground: #f1ede2; --color-background: #16211b; --button-bg: #cfe8d6; --button-text: #16211b; }
body { font: 400 16px/1.55 Inter, system-ui, sans-serif; color: var(--color-foreground); background: var(--color-background); }
h1, h2, h3, h4 { font-weight: 650; letter-spacing: -.01em; line-height: 1.25; }
h1 { font-size: 34px; margin: 0; } h3 { font-size: 20px; } h4 { font-size: 17px; }
.media { background: color-mix(in srgb, var(--color-foreground) 8%, transparent); border-radius: var(--radius); }
.button { padding: 14px 22px; display: inline-flex; justify-content: center; align-items: center; border: 1px solid transparent; border-radius: 999px; font: inherit; font-weight: 600; color: var(--button-text); background: var(--button-bg); cursor: pointer; text-decoration: none; }
.button-secondary { color: inherit; background: transparent; border-color: currentColor; }
`;

const plain = `
body { font: 16px/1.5 serif; background: #fff; color: #222; }
:root[data-scheme="dark"] body { background: #111; color: #eee; }
.media { background: #8882; }
`;

export const themes: Record<string, Theme> = {
  triplets: { name: "triplets", css: page + triplets, formId: "product-form-main" },
  colours: { name: "colours", css: page + colours, formId: "BuyButtons-ProductForm-main" },
  plain: { name: "plain", css: page + plain, formId: "buy" },
};
