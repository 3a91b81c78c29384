#include "cli/page_server.h"

namespace edgetide::cli {
namespace {

/// A page elsewhere whose host's name has been made to lead here is not to read this one.
void admit_own_names(const http::Visitor& visitor,
                     const std::function<void(http::Admission)>& tell) {
  const bool own = visitor.host == "127.0.0.1" || visitor.host == "localhost";
  tell(own ? http::Admission::kAdmitted : http::Admission::kMisdirected);
}

}  // namespace

Result<std::unique_ptr<PageServer>> PageServer::start(int port) {
  std::unique_ptr<PageServer> pages{new PageServer};
  http::Routes routes;
  routes["/"] = [&pages = *pages] {
    return http::ServerAnswer{.content_type = "text/html; charset=utf-8",
                              .body = web::page_html(*pages.shown())};
  };
  routes["/page.json"] = [&pages = *pages] {
    return http::ServerAnswer{.content_type = "application/json",
                              .body = web::page_json(*pages.shown())};
  };
  auto server =
      http::listen({.host = "127.0.0.1", .port = port, .gate = admit_own_names}, std::move(routes));
  if (!server.ok()) return server.error();
  pages->server_ = std::move(*server);
  return pages;
}

void PageServer::show(web::Page page) {
  auto next = std::make_shared<const web::Page>(std::move(page));
  const std::scoped_lock lock(mutex_);
  page_ = std::move(next);
}

std::string PageServer::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + "/";
}

std::shared_ptr<const web::Page> PageServer::shown() const {
  const std::scoped_lock lock(mutex_);
  return page_;
}

}  // namespace edgetide::cli
