#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "http/server.h"
#include "web/page.h"

namespace edgetide::cli {

/// Shows a run's page to browsers on this machine while the run is under way: `/` is the page,
/// which asks `/page.json` again and again.
class PageServer {
 public:
  /// \param port 0 lets the kernel choose
  /// \return kUnavailable where the port cannot be had
  [[nodiscard]] static Result<std::unique_ptr<PageServer>> start(int port);

  /// What is shown from now on.
  void show(web::Page page);

  [[nodiscard]] std::string url() const;

 private:
  PageServer() = default;
  [[nodiscard]] std::shared_ptr<const web::Page> shown() const;

  mutable std::mutex mutex_;
  std::shared_ptr<const web::Page> page_ =
      std::make_shared<web::Page>(web::Page{.title = "Edgetide", .live = true});
  std::unique_ptr<http::Server> server_;  ///< Ends first, since it asks for the page.
};

}  // namespace edgetide::cli
