#include "contract/tcp_relay.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "edgetide/core/assert.h"

namespace edgetide::kube::testing {
namespace {

constexpr int kPatience = 20;  // milliseconds between two looks at whether to end

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool pass_on(int from, int to) {
  std::array<char, 65536> bytes;
  const auto count = recv(from, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  for (ssize_t sent = 0; sent < count;) {
    const auto more =
        send(to, bytes.data() + sent, static_cast<size_t>(count - sent), MSG_NOSIGNAL);
    if (more <= 0) return false;
    sent += more;
  }
  return true;
}

}  // namespace

TcpRelay::TcpRelay(const std::string& url) {
  target_port_ = std::stoi(url.substr(url.rfind(':') + 1));
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  const bool listening = bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                         listen(listener_, 16) == 0 &&
                         getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  EDGETIDE_ASSERT(listening, "a test may listen on loopback");
  port_ = ntohs(address.sin_port);
  accepting_ = std::jthread([this] { listen_for_clients(); });
}

TcpRelay::~TcpRelay() {
  ending_ = true;
  accepting_.join();
  connections_.clear();
  close(listener_);
}

void TcpRelay::refuse() {
  refusing_ = true;
  ++cuts_;
}

void TcpRelay::listen_for_clients() {
  while (!ending_) {
    pollfd waiting{.fd = listener_, .events = POLLIN, .revents = 0};
    if (poll(&waiting, 1, kPatience) <= 0) continue;
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    if (refusing_) {
      close(client);
      continue;
    }
    connections_.emplace_back([this, client] { relay(client); });
  }
}

void TcpRelay::relay(int client) {
  const int cuts = cuts_;
  const int server = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = loopback(target_port_);
  bool open = connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  while (open && !ending_ && cuts == cuts_) {
    std::array<pollfd, 2> ends{{{.fd = client, .events = POLLIN, .revents = 0},
                                {.fd = server, .events = POLLIN, .revents = 0}}};
    if (poll(ends.data(), ends.size(), kPatience) <= 0) continue;
    if (ends[0].revents != 0) open = pass_on(client, server);
    if (open && ends[1].revents != 0) open = pass_on(server, client);
  }
  close(client);
  close(server);
}

}  // namespace edgetide::kube::testing
