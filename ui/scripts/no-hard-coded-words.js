// Every word a person reads comes from Fluent: no text and no spoken attribute stands in a component.
const SPOKEN = new Set([
  "title",
  "alt",
  "placeholder",
  "aria-label",
  "aria-description",
  "aria-roledescription",
  "label",
  "name",
  "hint",
  "says",
  "words",
]);
const WORD = /\p{L}{2,}/u;
/** Attributes of plain elements that are never read out. */
const SILENT_ON_ELEMENTS = new Set(["name", "label"]);

export const noHardCodedWords = {
  meta: { type: "problem", schema: [], messages: { text: "“{{text}}” belongs in a Fluent file: use t()." } },
  create: (context) => ({
    SvelteText(node) {
      const owner = node.parent;
      if (owner?.type === "SvelteElement" && ["style", "script"].includes(owner.name?.name)) return;
      if (owner?.type === "SvelteStyleElement" || owner?.type === "SvelteScriptElement") return;
      // Names of keys on a keyboard are not translated words.
      if (owner?.type === "SvelteElement" && owner.name?.name === "kbd") return;
      if (WORD.test(node.value))
        context.report({ node, messageId: "text", data: { text: node.value.trim() } });
    },
    SvelteAttribute(node) {
      const name = node.key?.name;
      if (!SPOKEN.has(name)) return;
      const element = node.parent?.parent;
      if (element?.kind === "html" && SILENT_ON_ELEMENTS.has(name)) return;
      const icon = element?.name?.name;
      if (name === "name" && (icon === "Icon" || icon === "OwnIcon")) return;
      for (const value of node.value) {
        if (value.type === "SvelteLiteral" && WORD.test(value.value))
          context.report({ node: value, messageId: "text", data: { text: value.value } });
        if (
          value.type === "SvelteMustacheTag" &&
          value.expression?.type === "Literal" &&
          WORD.test(String(value.expression.value))
        )
          context.report({ node: value, messageId: "text", data: { text: value.expression.value } });
      }
    },
  }),
};
