// Order matters: values, then fonts, then the classes that use both.
import "./tokens.css";
import "@fontsource-variable/literata/opsz.css";
import "@fontsource-variable/literata/opsz-italic.css";
import "@fontsource-variable/hanken-grotesk/index.css";
import "./base.css";
import "./controls.css";
import "./frame.css";
