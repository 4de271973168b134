from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from tidesum import line_sum

LINES = Path(__file__).with_name("tides.txt").read_text(encoding="utf-8").splitlines()


class Tides(BaseHTTPRequestHandler):
    def do_GET(self):
        body = "".join(f"{line} {line_sum(line):04x}\n" for line in LINES).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


HTTPServer(("", 8000), Tides).serve_forever()
