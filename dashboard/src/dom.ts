/** Builds elements; text is only ever text, whatever it holds. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function button(text: string, label: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", "aria-label": label, title: label }, text);
  made.addEventListener("click", act);
  return made;
}

/** Names of what is unfolded below it. */
export function openOf(place: HTMLElement): Set<string> {
  return new Set(
    [...place.querySelectorAll<HTMLDetailsElement>("details[open]")].map(
      (one) => one.dataset["name"] ?? "",
    ),
  );
}
