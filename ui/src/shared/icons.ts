// Lucide's drawings by the names the screens use. Imported one by one: the whole set would be compiled with every build
// and every test.
import Archive from "@lucide/svelte/icons/archive";
import ArchiveRestore from "@lucide/svelte/icons/archive-restore";
import ArrowDown from "@lucide/svelte/icons/arrow-down";
import ArrowLeft from "@lucide/svelte/icons/arrow-left";
import ArrowRight from "@lucide/svelte/icons/arrow-right";
import ArrowUp from "@lucide/svelte/icons/arrow-up";
import Bold from "@lucide/svelte/icons/bold";
import BookOpen from "@lucide/svelte/icons/book-open";
import Calendar from "@lucide/svelte/icons/calendar";
import CalendarClock from "@lucide/svelte/icons/calendar-clock";
import CalendarDays from "@lucide/svelte/icons/calendar-days";
import Check from "@lucide/svelte/icons/check";
import ChevronDown from "@lucide/svelte/icons/chevron-down";
import ChevronLeft from "@lucide/svelte/icons/chevron-left";
import ChevronRight from "@lucide/svelte/icons/chevron-right";
import ChevronUp from "@lucide/svelte/icons/chevron-up";
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import Clock from "@lucide/svelte/icons/clock";
import Coffee from "@lucide/svelte/icons/coffee";
import Copy from "@lucide/svelte/icons/copy";
import Download from "@lucide/svelte/icons/download";
import Ellipsis from "@lucide/svelte/icons/ellipsis";
import Eye from "@lucide/svelte/icons/eye";
import EyeOff from "@lucide/svelte/icons/eye-off";
import FileCheck from "@lucide/svelte/icons/file-check";
import FileDown from "@lucide/svelte/icons/file-down";
import FileText from "@lucide/svelte/icons/file-text";
import Flag from "@lucide/svelte/icons/flag";
import Flame from "@lucide/svelte/icons/flame";
import Glasses from "@lucide/svelte/icons/glasses";
import Hand from "@lucide/svelte/icons/hand";
import Hash from "@lucide/svelte/icons/hash";
import Handshake from "@lucide/svelte/icons/handshake";
import Heading from "@lucide/svelte/icons/heading";
import History from "@lucide/svelte/icons/history";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Info from "@lucide/svelte/icons/info";
import Italic from "@lucide/svelte/icons/italic";
import KeyRound from "@lucide/svelte/icons/key-round";
import Keyboard from "@lucide/svelte/icons/keyboard";
import Laptop from "@lucide/svelte/icons/laptop";
import Link2 from "@lucide/svelte/icons/link-2";
import List from "@lucide/svelte/icons/list";
import ListChecks from "@lucide/svelte/icons/list-checks";
import ListFilter from "@lucide/svelte/icons/list-filter";
import ListOrdered from "@lucide/svelte/icons/list-ordered";
import Lock from "@lucide/svelte/icons/lock";
import LockOpen from "@lucide/svelte/icons/lock-open";
import Mail from "@lucide/svelte/icons/mail";
import MapPin from "@lucide/svelte/icons/map-pin";
import Maximize from "@lucide/svelte/icons/maximize-2";
import MessageCircle from "@lucide/svelte/icons/message-circle";
import MessageSquareQuote from "@lucide/svelte/icons/message-square-quote";
import Minus from "@lucide/svelte/icons/minus";
import MoveRight from "@lucide/svelte/icons/move-right";
import NotebookPen from "@lucide/svelte/icons/notebook-pen";
import Palette from "@lucide/svelte/icons/palette";
import Pencil from "@lucide/svelte/icons/pencil";
import Phone from "@lucide/svelte/icons/phone";
import Plus from "@lucide/svelte/icons/plus";
import Printer from "@lucide/svelte/icons/printer";
import Quote from "@lucide/svelte/icons/quote";
import RefreshCw from "@lucide/svelte/icons/refresh-cw";
import RotateCcw from "@lucide/svelte/icons/rotate-ccw";
import Route from "@lucide/svelte/icons/route";
import Search from "@lucide/svelte/icons/search";
import Settings from "@lucide/svelte/icons/settings";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import Sparkles from "@lucide/svelte/icons/sparkles";
import Sprout from "@lucide/svelte/icons/sprout";
import SquarePen from "@lucide/svelte/icons/square-pen";
import SunMedium from "@lucide/svelte/icons/sun-medium";
import Target from "@lucide/svelte/icons/target";
import Trash2 from "@lucide/svelte/icons/trash-2";
import TriangleAlert from "@lucide/svelte/icons/triangle-alert";
import Undo2 from "@lucide/svelte/icons/undo-2";
import Upload from "@lucide/svelte/icons/upload";
import UserRound from "@lucide/svelte/icons/user-round";
import UsersRound from "@lucide/svelte/icons/users-round";
import Video from "@lucide/svelte/icons/video";
import X from "@lucide/svelte/icons/x";

export const icons = {
  archive: Archive,
  "archive-restore": ArchiveRestore,
  "arrow-down": ArrowDown,
  "arrow-left": ArrowLeft,
  "arrow-right": ArrowRight,
  "arrow-up": ArrowUp,
  bold: Bold,
  "book-open": BookOpen,
  calendar: Calendar,
  "calendar-clock": CalendarClock,
  "calendar-days": CalendarDays,
  check: Check,
  "chevron-down": ChevronDown,
  "chevron-left": ChevronLeft,
  "chevron-right": ChevronRight,
  "chevron-up": ChevronUp,
  "circle-alert": CircleAlert,
  "circle-check": CircleCheck,
  clock: Clock,
  coffee: Coffee,
  copy: Copy,
  download: Download,
  ellipsis: Ellipsis,
  eye: Eye,
  "eye-off": EyeOff,
  "file-check": FileCheck,
  "file-down": FileDown,
  "file-text": FileText,
  flag: Flag,
  flame: Flame,
  glasses: Glasses,
  hand: Hand,
  handshake: Handshake,
  hash: Hash,
  heading: Heading,
  history: History,
  hourglass: Hourglass,
  info: Info,
  italic: Italic,
  key: KeyRound,
  keyboard: Keyboard,
  laptop: Laptop,
  link: Link2,
  list: List,
  "list-checks": ListChecks,
  "list-filter": ListFilter,
  "list-ordered": ListOrdered,
  lock: Lock,
  "lock-open": LockOpen,
  mail: Mail,
  maximize: Maximize,
  "map-pin": MapPin,
  message: MessageCircle,
  feedback: MessageSquareQuote,
  minus: Minus,
  "move-right": MoveRight,
  "notebook-pen": NotebookPen,
  palette: Palette,
  pencil: Pencil,
  phone: Phone,
  plus: Plus,
  printer: Printer,
  quote: Quote,
  refresh: RefreshCw,
  "rotate-ccw": RotateCcw,
  route: Route,
  search: Search,
  settings: Settings,
  "shield-check": ShieldCheck,
  sparkles: Sparkles,
  sprout: Sprout,
  "square-pen": SquarePen,
  "sun-medium": SunMedium,
  target: Target,
  trash: Trash2,
  "triangle-alert": TriangleAlert,
  undo: Undo2,
  upload: Upload,
  user: UserRound,
  users: UsersRound,
  video: Video,
  x: X,
};

/** Our own drawings, in `OwnIcon.svelte`. */
export type OwnIconName =
  "c-logo" | "c-private" | "c-shareable" | "c-agreed" | "c-sealed" | "c-lock2" | "c-open2";
export type IconName = keyof typeof icons | OwnIconName;
