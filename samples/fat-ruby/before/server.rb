require "socket"
require "tides"

$stdout.sync = true
Signal.trap("TERM") { exit }
server = TCPServer.new("0.0.0.0", 8000)
loop do
  client = server.accept
  nil until client.gets.to_s.strip.empty?
  body = Tides.today
  client.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}")
  client.close
end
