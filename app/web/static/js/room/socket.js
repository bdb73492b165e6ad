// The one place that knows which version of the Socket.IO client is vendored.

export { io } from "../../vendor/socket.io/4.8.4/socket.io.esm.min.js";
