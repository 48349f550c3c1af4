// Node.js: takes connections only from clients whose certificate $ca_file's CA issued.
import { readFileSync } from "node:fs";
import { createServer } from "node:https";

const clientFingerprint = "$sha256_colons";

const server = createServer(
  {
    key: readFileSync("server.key"),
    cert: readFileSync("server.crt"),
    ca: readFileSync("$ca_file"),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
  },
  (request, response) => {
    // This very certificate. Leave it out to take any that the CA issued.
    if (request.socket.getPeerCertificate().fingerprint256 !== clientFingerprint) {
      response.writeHead(403).end();
      return;
    }
    request.resume().on("end", () => response.writeHead(200).end());
  },
);
server.listen(Number(process.env.PORT ?? 8443));
