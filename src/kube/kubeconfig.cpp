#include "kube/kubeconfig.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <span>

#include "kube/base64.h"
#include "kube/files.h"
#include "yaml/yaml.h"

namespace edgetide::kube {
namespace {

constexpr std::size_t kLargestFile = 4u << 20;

struct File {
  std::string path;
  yaml::Value root;
};

/// An object in a file, read field by field; what is wrong in it is collected.
class Section {
 public:
  Section(const File& file, std::string path, const yaml::Value& value)
      : file_(file), path_(std::move(path)), value_(value) {}

  [[nodiscard]] const File& file() const { return file_; }
  [[nodiscard]] bool has(std::string_view key) const { return present(key) != nullptr; }

  /// Empty when absent.
  [[nodiscard]] std::string text(std::string_view key) {
    const yaml::Value* found = present(key);
    if (found == nullptr) return "";
    if (const std::string* text = found->as_string()) return *text;
    fail(key, "a string is expected, not " + std::string{yaml::kind_text(found->kind())});
    return "";
  }

  [[nodiscard]] bool flag(std::string_view key) {
    const yaml::Value* found = present(key);
    if (found == nullptr) return false;
    if (const bool* flag = found->as_bool()) return *flag;
    fail(key, "true or false is expected, not " + std::string{yaml::kind_text(found->kind())});
    return false;
  }

  /// What `key`-data holds in base64, else the file that `key` names, whose path is then put into
  /// `file`; empty when neither is there.
  [[nodiscard]] std::string bytes(const std::string& key, std::string& file) {
    const std::string data_key = key + "-data";
    if (const std::string data = text(data_key); !data.empty()) {
      const auto decoded = decode_base64(data);
      if (!decoded || decoded->empty()) fail(data_key, "is not base64");
      return decoded.value_or("");
    }
    const std::string path = file_path(key);
    if (path.empty()) return "";
    file = path;
    auto content = read_file(path, kLargestFile);
    if (!content.ok()) {
      fail(key, content.error().text());
      return "";
    }
    return *std::move(content);
  }

  /// The path that `key` names, from the root; empty when absent.
  [[nodiscard]] std::string file_path(std::string_view key) {
    const std::string path = text(key);
    if (path.empty()) return "";
    return (std::filesystem::path(file_.path).parent_path() / path).string();
  }

  void refuse_all_but(std::span<const std::string_view> known) {
    for (const yaml::Member& member : value_.members()) {
      if (member.value->kind() == yaml::Value::Kind::kNull) continue;
      if (std::ranges::find(known, member.key) == known.end())
        fail(member.key,
             "is not supported here, and leaving it out could connect elsewhere or as "
             "somebody else");
    }
  }

  void fail(std::string_view key, std::string message) {
    const yaml::Value* found = value_.find(key);
    problems_.push_back({.position = found ? found->position() : value_.position(),
                         .path = path_ + "." + std::string{key},
                         .message = std::move(message)});
  }

  [[nodiscard]] const std::vector<yaml::Problem>& problems() const { return problems_; }

 private:
  [[nodiscard]] const yaml::Value* present(std::string_view key) const {
    const yaml::Value* found = value_.find(key);
    return found && found->kind() != yaml::Value::Kind::kNull ? found : nullptr;
  }

  const File& file_;
  std::string path_;
  yaml::Value value_;
  std::vector<yaml::Problem> problems_;
};

Error problem_at(const File& file, const yaml::Value& at, std::string path, std::string message) {
  return yaml::to_error(
      file.path,
      {{.position = at.position(), .path = std::move(path), .message = std::move(message)}});
}

Result<File> load(const std::string& path) {
  auto text = read_file(path, kLargestFile);
  if (!text.ok()) return text.error();
  auto documents = yaml::load_all(*text, path, {.shows_values = false});
  if (!documents.ok()) return documents.error();
  if (documents->empty()) return File{.path = path, .root = {}};
  const yaml::Value& root = documents->front();
  if (documents->size() > 1)
    return problem_at({.path = path, .root = {}}, documents->at(1), "", "one document is expected");
  if (root.kind() != yaml::Value::Kind::kObject)
    return problem_at({.path = path, .root = {}}, root, "", "an object is expected");
  return File{.path = path, .root = root};
}

Result<std::vector<File>> load_files(const KubeconfigOptions& options,
                                     std::vector<std::string>& warnings) {
  std::vector<File> files;
  for (const std::string& path : options.files) {
    auto file = load(path);
    if (!file.ok() && file.error().code == ErrorCode::kNotFound && options.may_be_missing) {
      warnings.push_back("kubeconfig " + path + " does not exist and is left out");
      continue;
    }
    if (!file.ok()) return file.error();
    files.push_back(*std::move(file));
  }
  if (!files.empty()) return files;
  std::string named;
  for (const std::string& path : options.files) named += (named.empty() ? "" : ", ") + path;
  return Error{.code = ErrorCode::kNotFound,
               .message = "no kubeconfig: of the files that KUBECONFIG names none exists (" +
                          named + "); set it to one that does, or give --kubeconfig FILE"};
}

/// The `what` (cluster, user, context) of that name in the first file that has one.
Result<Section> find_named(const std::vector<File>& files, const std::string& what,
                           const std::string& name) {
  std::string known;
  for (const File& file : files) {
    const yaml::Value* list = file.root.find(what + "s");
    if (list == nullptr) continue;
    for (std::size_t i = 0; i < list->items().size(); ++i) {
      const yaml::Value& item = list->items()[i];
      const yaml::Value* item_name = item.find("name");
      const std::string* found = item_name ? item_name->as_string() : nullptr;
      if (found == nullptr) continue;
      known += (known.empty() ? "" : ", ") + *found;
      if (*found != name) continue;
      const std::string path = what + "s[" + std::to_string(i) + "]." + what;
      const yaml::Value* body = item.find(what);
      if (body == nullptr || body->kind() != yaml::Value::Kind::kObject)
        return problem_at(file, item, path, "an object is expected");
      return Section(file, path, *body);
    }
  }
  return Error{
      .code = ErrorCode::kNotFound,
      .message = "no " + what + " '" + name + "'; there is " + (known.empty() ? "none" : known),
      .context = files.front().path};
}

Result<std::string> chosen_context(const KubeconfigOptions& options,
                                   const std::vector<File>& files) {
  if (!options.context.empty()) return options.context;
  for (const File& file : files) {
    const yaml::Value* current = file.root.find("current-context");
    const std::string* name = current ? current->as_string() : nullptr;
    if (name != nullptr && !name->empty()) return *name;
  }
  return Error{.code = ErrorCode::kInvalid,
               .message = "current-context: is not set, and no context was asked for",
               .context = files.front().path};
}

bool is_web_url(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

void read_cluster(Section& cluster, Access& access) {
  constexpr std::array<std::string_view, 7> kKnown{
      "server",          "certificate-authority",    "certificate-authority-data",
      "tls-server-name", "insecure-skip-tls-verify", "disable-compression",
      "extensions"};
  cluster.refuse_all_but(kKnown);
  http::Endpoint& endpoint = access.endpoint;
  endpoint.base_url = cluster.text("server");
  if (!is_web_url(endpoint.base_url)) cluster.fail("server", "an https:// URL is expected");
  endpoint.tls.ca_pem = cluster.bytes("certificate-authority", access.tls_files.ca);
  endpoint.tls.server_name = cluster.text("tls-server-name");
  endpoint.tls.insecure = cluster.flag("insecure-skip-tls-verify");
  if (!endpoint.tls.insecure) return;
  if (!endpoint.tls.ca_pem.empty())
    cluster.fail("insecure-skip-tls-verify", "contradicts certificate-authority: leave one out");
  access.warnings.push_back(
      "insecure-skip-tls-verify: whoever answers in the server's place is believed and gets the "
      "credentials");
}

void read_user(Section& user, Access& access) {
  constexpr std::array<std::string_view, 7> kKnown{"client-certificate",
                                                   "client-certificate-data",
                                                   "client-key",
                                                   "client-key-data",
                                                   "token",
                                                   "tokenFile",
                                                   "extensions"};
  user.refuse_all_but(kKnown);
  access.endpoint.tls.certificate_pem =
      user.bytes("client-certificate", access.tls_files.certificate);
  access.endpoint.tls.key_pem = user.bytes("client-key", access.tls_files.key);
  if (access.endpoint.tls.certificate_pem.empty() != access.endpoint.tls.key_pem.empty())
    user.fail(access.endpoint.tls.key_pem.empty() ? "client-key" : "client-certificate",
              "is missing: a certificate and its key go together");
  access.credential.token_file = user.file_path("tokenFile");
  if (access.credential.token_file.empty()) access.credential.token = user.text("token");
  const bool has_token = user.has("token") || user.has("tokenFile");
  if (has_token && access.endpoint.base_url.starts_with("http://"))
    user.fail(user.has("token") ? "token" : "tokenFile", "is not sent over plain http://");
}

/// Adds the section's problems to `all`.
void collect_problems(const Section& section, std::optional<Error>& all) {
  if (section.problems().empty()) return;
  Error error = yaml::to_error(section.file().path, section.problems());
  if (all) {
    all->message += "\n" + error.text();
  } else {
    all = std::move(error);
  }
}

}  // namespace

Result<Access> load_kubeconfig(const KubeconfigOptions& options) {
  Access access;
  const auto files = load_files(options, access.warnings);
  if (!files.ok()) return files.error();
  const auto name = chosen_context(options, *files);
  if (!name.ok()) return name.error();
  auto context = find_named(*files, "context", *name);
  if (!context.ok()) return context.error();
  const auto chosen = [&](const std::string& given, const char* key) {
    return given.empty() ? context->text(key) : given;
  };
  const std::string cluster_name = chosen(options.cluster, "cluster");
  const std::string user_name = chosen(options.user, "user");
  access.name_space = context->text("namespace");
  if (access.name_space.empty()) access.name_space = "default";
  access.origin = context->file().path + ", context " + *name;
  if (!context->problems().empty())
    return yaml::to_error(context->file().path, context->problems());

  auto cluster = find_named(*files, "cluster", cluster_name);
  if (!cluster.ok()) return cluster.error();
  read_cluster(*cluster, access);
  std::optional<Error> problems;
  collect_problems(*cluster, problems);
  if (!user_name.empty()) {
    auto user = find_named(*files, "user", user_name);
    if (!user.ok()) return user.error();
    read_user(*user, access);
    collect_problems(*user, problems);
  }
  if (problems) return *problems;
  return access;
}

}  // namespace edgetide::kube
