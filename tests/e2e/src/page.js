// Runs in the page before each look at it: names and roles as axe-core computes them, which is how
// a screen reader is told of them. Kept in one property that no page uses.
if (!window.__journey) {
  const plain = (text) => text.replace(/\s+/g, " ").trim();

  const isShown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest('[aria-hidden="true"], [inert]');

  const within = (look) => {
    axe.setup(document.documentElement);
    try {
      return look();
    } finally {
      axe.teardown();
    }
  };

  const nameOf = (element) => plain(axe.commons.text.accessibleText(element) ?? "");

  const roleOf = (element) => axe.commons.aria.getRole(element) ?? "";

  const fits = (found, wanted) => (wanted.whole ? found === wanted.text : found.includes(wanted.text));

  const describe = (element) => ({ role: roleOf(element), name: nameOf(element) });

  const all = (root, role) =>
    [...root.querySelectorAll("*")].filter((element) => roleOf(element) === role && isShown(element));

  // The last shown element of a scope, or the whole page: dialogs come after what they cover.
  const inside = (scope) =>
    scope
      ? all(document, scope.role).findLast((element) => fits(nameOf(element), scope.name))
      : document;

  // What a person points at: the label where the box itself is drawn by a style and has no size.
  const inHand = (element) =>
    ["checkbox", "radio"].includes(element.type) ? (element.labels?.[0] ?? element) : element;

  const textboxes = ["textbox", "searchbox", "combobox", "spinbutton"];

  const isDrawn = (element) => element.checkVisibility({ visibilityProperty: true });

  // An element, what it stands in, and so on up to the root.
  const andUp = (element) => (element ? [element, ...andUp(element.parentElement)] : []);

  // Cut down to nothing, as what only a screen reader is told of.
  const isCutAway = (element) =>
    andUp(element).some((one) => {
      const { width, height } = one.getBoundingClientRect();
      return (width <= 1 || height <= 1) && getComputedStyle(one).overflow !== "visible";
    });

  // What holds text that is drawn: of elements their own text, of fields what they hold.
  const textsDrawn = () => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!element.closest("option, script, style")) found.push([element, walker.currentNode.nodeValue]);
    }
    for (const field of document.querySelectorAll("input, textarea"))
      if (!["checkbox", "radio"].includes(field.type)) found.push([field, field.value]);
    for (const list of document.querySelectorAll("select"))
      for (const option of list.selectedOptions) found.push([list, option.text]);
    return found.filter(([element]) => isDrawn(element) && !isCutAway(element));
  };

  window.__journey = Object.assign(Object.create(null), {
    // The shown elements of a role and name, inside the last shown element of `scope` if given.
    find: (role, name, scope) =>
      within(() => {
        const root = inside(scope);
        if (!root) return { found: [], there: [`no ${scope.role} “${scope.name.text}”`] };
        const candidates = all(root, role);
        const found = candidates.filter((element) => fits(nameOf(element), name)).map(inHand);
        return { found, there: found.length ? [] : candidates.map(nameOf) };
      }),
    // The shown fields that take text, by their label. Date fields and their like have no role.
    fields: (name) =>
      within(() => {
        const candidates = [...document.querySelectorAll("*")].filter(
          (element) =>
            isShown(element) &&
            (textboxes.includes(roleOf(element)) ||
              (element.matches("input, textarea") && !["checkbox", "radio"].includes(element.type))),
        );
        const found = candidates.filter((element) => fits(nameOf(element), name));
        return { found, there: found.length ? [] : candidates.map(nameOf) };
      }),
    // The shown words of each element of a role, in the order of the page.
    texts: (role, scope) =>
      within(() => {
        const root = inside(scope);
        return root ? all(root, role).map((element) => plain(element.innerText)) : null;
      }),
    focused: () => within(() => describe(document.activeElement ?? document.body)),
    text: () => plain(document.body.innerText),
    value: (element) => element.value ?? plain(element.innerText),
    // What a CSS selector finds; or, for `:text(Amara)`, every place where these words are drawn. There the value is
    // that of the element and of all it stands in, from the innermost on.
    computed: (selector, property) => {
      const valueOf = (element) => getComputedStyle(element).getPropertyValue(property);
      const words = /^:text\((.+)\)$/.exec(selector)?.[1];
      return words === undefined
        ? [...document.querySelectorAll(selector)].filter(isDrawn).map(valueOf)
        : textsDrawn()
            .filter(([, text]) => text.includes(words))
            .map(([element]) => andUp(element).map(valueOf).join(" "));
    },
    // What a screen reader can come by, one line for each element, for reading after a failure.
    outline: () =>
      within(() =>
        [...document.querySelectorAll("*")]
          .filter((element) => isShown(element) && !["", "presentation", "none"].includes(roleOf(element)))
          .map((element) => `${roleOf(element)}: ${nameOf(element)}`)
          .join("\n"),
      ),
  });
}
