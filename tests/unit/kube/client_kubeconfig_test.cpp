#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "kube/in_cluster.h"
#include "kube/kubeconfig.h"

namespace edgetide::kube {
namespace {

namespace fs = std::filesystem;

class KubeconfigTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(::testing::TempDir()) / (std::string{"kubeconfig_"} + test->name());
    fs::create_directories(folder_ / "pki");
  }

  std::string write(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::ofstream(path) << text;
    return path.string();
  }

  /// A whole file with these fields in the cluster and the user.
  static std::string config(const std::string& cluster, const std::string& user) {
    return "apiVersion: v1\nkind: Config\ncurrent-context: main\n"
           "contexts:\n- name: main\n  context: {cluster: c, user: u, namespace: video}\n"
           "clusters:\n- name: c\n  cluster:\n    server: https://api:6443\n" +
           cluster + "users:\n- name: u\n  user:\n" + user;
  }

  std::string error_of(const std::string& text) {
    const auto access = load_kubeconfig({.files = {write("config", text)}});
    return access.ok() ? "accepted" : access.error().text();
  }

  fs::path folder_;
};

TEST_F(KubeconfigTest, TokenAndInlineCa) {
  const auto path =
      write("config", config("    certificate-authority-data: UEVN\n", "    token: abc\n"));
  const auto access = load_kubeconfig({.files = {path}});
  ASSERT_TRUE(access.ok()) << access.error().text();
  EXPECT_EQ(access->endpoint.base_url, "https://api:6443");
  EXPECT_EQ(access->endpoint.tls.ca_pem, "PEM");
  EXPECT_EQ(access->credential.token, "abc");
  EXPECT_EQ(access->name_space, "video");
  EXPECT_EQ(access->origin, path + ", context main");
  EXPECT_TRUE(access->warnings.empty());
}

TEST_F(KubeconfigTest, FilesCountFromTheFileThatNamesThem) {
  write("pki/ca.pem", "CA");
  write("pki/me.pem", "CERTIFICATE");
  write("pki/me.key", "KEY");
  const auto access =
      load_kubeconfig({.files = {write("config", config("    certificate-authority: pki/ca.pem\n"
                                                        "    tls-server-name: api.internal\n",
                                                        "    client-certificate: pki/me.pem\n"
                                                        "    client-key: pki/me.key\n"))}});
  ASSERT_TRUE(access.ok()) << access.error().text();
  EXPECT_EQ(access->endpoint.tls.ca_pem, "CA");
  EXPECT_EQ(access->endpoint.tls.certificate_pem, "CERTIFICATE");
  EXPECT_EQ(access->endpoint.tls.key_pem, "KEY");
  EXPECT_EQ(access->tls_files.ca, (folder_ / "pki/ca.pem").string());
  EXPECT_EQ(access->tls_files.certificate, (folder_ / "pki/me.pem").string());
  EXPECT_EQ(access->tls_files.key, (folder_ / "pki/me.key").string());
  EXPECT_EQ(access->endpoint.tls.server_name, "api.internal");
}

TEST_F(KubeconfigTest, InlineDataBeatAFileAndATokenFileBeatsAToken) {
  const auto access = load_kubeconfig(
      {.files = {write("config", config("    certificate-authority: nowhere.pem\n"
                                        "    certificate-authority-data: UEVN\n",
                                        "    token: old\n    tokenFile: token\n"))}});
  ASSERT_TRUE(access.ok()) << access.error().text();
  EXPECT_EQ(access->endpoint.tls.ca_pem, "PEM");
  EXPECT_TRUE(access->tls_files.none()) << "a file that was not read is not read later";
  EXPECT_EQ(access->credential.token, "");
  EXPECT_EQ(access->credential.token_file, (folder_ / "token").string());
}

TEST_F(KubeconfigTest, TheFirstFileThatDefinesANameWins) {
  const auto first = write("first",
                           "contexts:\n- name: main\n  context: {cluster: c, user: u}\n"
                           "clusters:\n- name: c\n  cluster: {server: https://first}\n");
  const auto second = write("second", config("", "    token: from-second\n"));
  const auto access = load_kubeconfig(
      {.files = {(folder_ / "missing").string(), first, second}, .may_be_missing = true});
  ASSERT_TRUE(access.ok()) << access.error().text();
  EXPECT_EQ(access->endpoint.base_url, "https://first");
  EXPECT_EQ(access->credential.token, "from-second");
  EXPECT_EQ(access->name_space, "default");
  EXPECT_EQ(access->warnings.size(), 1u);
}

TEST_F(KubeconfigTest, AFileThatWasAskedForMustExist) {
  const auto access = load_kubeconfig({.files = {(folder_ / "missing").string()}});
  EXPECT_EQ(access.error().code, ErrorCode::kNotFound);
}

TEST_F(KubeconfigTest, AContextCanBeAskedFor) {
  const auto path = write("config", config("", "    token: a\n"));
  const auto access = load_kubeconfig({.files = {path}, .context = "other"});
  EXPECT_EQ(access.error().text(), path + ": no context 'other'; there is main");
}

TEST_F(KubeconfigTest, EverythingUnsupportedIsNamedWithItsPlace) {
  const std::string path = (folder_ / "config").string();
  for (const std::string field :
       {"exec: {command: aws}", "auth-provider: {name: gcp}", "username: me", "password: secret",
        "as: root", "as-groups: [a]", "as-uid: x", "impersonate: everybody"}) {
    const auto error = error_of(config("", "    " + field + "\n"));
    const auto name = field.substr(0, field.find(':'));
    EXPECT_EQ(error.find(path + ":14:"), 0u) << error;
    EXPECT_NE(error.find("users[0].user." + name + ": is not supported"), std::string::npos)
        << error;
    EXPECT_EQ(error.find("secret"), std::string::npos);
  }
  EXPECT_NE(error_of(config("    proxy-url: http://proxy\n", "    token: a\n"))
                .find("clusters[0].cluster.proxy-url: is not supported"),
            std::string::npos);
}

TEST_F(KubeconfigTest, InsecureWarnsAndContradictsACa) {
  const auto path =
      write("config", config("    insecure-skip-tls-verify: true\n", "    token: a\n"));
  const auto access = load_kubeconfig({.files = {path}});
  ASSERT_TRUE(access.ok());
  EXPECT_TRUE(access->endpoint.tls.insecure);
  EXPECT_EQ(access->warnings.size(), 1u);
  EXPECT_NE(error_of(config("    insecure-skip-tls-verify: true\n"
                            "    certificate-authority-data: UEVN\n",
                            "    token: a\n"))
                .find("contradicts certificate-authority"),
            std::string::npos);
}

TEST_F(KubeconfigTest, EveryProblemIsReportedAtOnce) {
  const auto error = error_of(config("    certificate-authority-data: '***'\n",
                                     "    client-certificate: nowhere.pem\n    token: 7\n"));
  EXPECT_NE(error.find("certificate-authority-data: is not base64"), std::string::npos) << error;
  EXPECT_NE(error.find("nowhere.pem: no such file"), std::string::npos) << error;
  EXPECT_NE(error.find("token: a string is expected, not an integer"), std::string::npos) << error;
}

TEST_F(KubeconfigTest, ATokenIsNotSentInTheClear) {
  const auto error = error_of(
      "current-context: m\ncontexts: [{name: m, context: {cluster: c, user: u}}]\n"
      "clusters: [{name: c, cluster: {server: 'http://api'}}]\nusers: [{name: u, user: {token: "
      "t}}]\n");
  EXPECT_NE(error.find("users[0].user.token: is not sent over plain http://"), std::string::npos)
      << error;
}

/// What is wrong is said; what may be a secret is not.
TEST_F(KubeconfigTest, NoProblemShowsASecret) {
  for (const char* user :
       {"    token: 0123987\n", "    token: 1_000_123987\n", "    token: 0x123987\n",
        "    token: 123987123987123987123987\n", "    token: !123987 x\n", "    token: 123987\n",
        "    client-key-data: '123987'\n", "    password: 123987\n"}) {
    const auto said = error_of(config("", user));
    EXPECT_NE(said, "accepted");
    EXPECT_EQ(said.find("123987"), std::string::npos) << said;
    EXPECT_NE(said.find("config:14:"), std::string::npos) << said;
  }
  std::string text = config("    insecure-skip-tls-verify: true\n", "    token: abc\n");
  text.replace(text.find("https://api"), 11, "https://user:123987@api");
  const auto access = load_kubeconfig({.files = {write("config", text)}});
  ASSERT_TRUE(access.ok()) << "the transport refuses it";
  EXPECT_EQ(access->warnings.front().find("123987"), std::string::npos);
  text.replace(text.find("https://user"), 8, "ftp://");
  EXPECT_EQ(error_of(text).find("123987"), std::string::npos) << error_of(text);
}

TEST_F(KubeconfigTest, BrokenFilesAreRefusedWithTheirPlace) {
  for (const std::string text : {"", "[]", "contexts: 3", "current-context: x", "a: b: c",
                                 "current-context: m\ncontexts: [{name: m}]",
                                 "current-context: m\ncontexts: [{name: m, context: {}}]",
                                 "a: 1\n---\nb: 2\n", "\xff\xfe"}) {
    const auto error = error_of(text);
    EXPECT_NE(error.find("config"), std::string::npos) << text << " gave " << error;
  }
}

TEST_F(KubeconfigTest, InAPodTheMountsAreRead) {
  write("token", "t");
  write("ca.crt", "CA");
  write("namespace", "edge");
  const auto access = load_in_cluster(
      {.service_host = "fd00::1", .service_port = "443", .mount = folder_.string()});
  ASSERT_TRUE(access.ok()) << access.error().text();
  EXPECT_EQ(access->endpoint.base_url, "https://[fd00::1]:443");
  EXPECT_EQ(access->endpoint.tls.ca_pem, "CA");
  EXPECT_EQ(access->credential.token_file, (folder_ / "token").string());
  EXPECT_EQ(access->name_space, "edge");
}

TEST_F(KubeconfigTest, APodWithoutACaIsAnErrorNotTrustInEverybody) {
  write("token", "t");
  const auto access = load_in_cluster(
      {.service_host = "10.0.0.1", .service_port = "443", .mount = folder_.string()});
  EXPECT_EQ(access.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(access.error().context, (folder_ / "ca.crt").string());
}

TEST_F(KubeconfigTest, OutsideOfAPodThereIsNoPod) {
  EXPECT_EQ(load_in_cluster({}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(load_in_cluster({.service_host = "a b", .service_port = "443"}).error().code,
            ErrorCode::kInvalid);
  EXPECT_EQ(load_in_cluster({.service_host = "a", .service_port = "99999"}).error().code,
            ErrorCode::kInvalid);
}

TEST_F(KubeconfigTest, AClusterAndAUserByFlagAreInPlaceOfTheContexts) {
  const auto path =
      write("config", config("", "    token: abc\n") + "- name: other\n  user: {token: def}\n");
  const auto access = load_kubeconfig({.files = {path}, .user = "other"});
  ASSERT_TRUE(access.ok()) << access.error().text();
  EXPECT_EQ(access->credential.token, "def");
  EXPECT_EQ(access->name_space, "video");
  EXPECT_NE(load_kubeconfig({.files = {path}, .cluster = "none"}).error().text().find("'none'"),
            std::string::npos);
}

TEST_F(KubeconfigTest, WhomToActAsIsAddedToTheAccess) {
  const auto path = write("config", config("", "    token: abc\n"));
  const auto access = find_access({.kubeconfig = path, .as = "ada", .as_groups = {"edge"}});
  ASSERT_TRUE(access.ok()) << access.error().text();
  EXPECT_EQ(access->credential.as, "ada");
  EXPECT_EQ(access->credential.as_groups, std::vector<std::string>{"edge"});
  EXPECT_EQ(find_access({.kubeconfig = path, .as_groups = {"edge"}}).error().code,
            ErrorCode::kInvalid);
}

TEST_F(KubeconfigTest, WhereThereIsNoneSaysWhatToDo) {
  const auto with_environment = [&](const char* name, const std::string& value) {
    const char* before = std::getenv(name);
    const std::string kept = before != nullptr ? before : "";
    setenv(name, value.c_str(), 1);
    const auto access = find_access({});
    before != nullptr ? setenv(name, kept.c_str(), 1) : unsetenv(name);
    return access.ok() ? "accepted" : access.error().text();
  };
  EXPECT_NE(with_environment("KUBECONFIG", "/nonexistent/a:/nonexistent/b")
                .find("none exists (/nonexistent/a, /nonexistent/b); set it to one that does"),
            std::string::npos);
  if (std::getenv("KUBECONFIG") == nullptr) {
    EXPECT_NE(with_environment("HOME", folder_.string()).find("give --kubeconfig FILE"),
              std::string::npos);
  }
}

TEST_F(KubeconfigTest, AContextThatIsNamedIsNoPods) {
  if (std::getenv("KUBECONFIG") != nullptr) GTEST_SKIP() << "KUBECONFIG is set";
  setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1", 1);
  setenv("KUBERNETES_SERVICE_PORT", "nonsense", 1);
  EXPECT_NE(find_access({}).error().text().find("KUBERNETES_SERVICE_HOST"), std::string::npos);
  EXPECT_EQ(find_access({.context = "mine"}).error().text().find("KUBERNETES_SERVICE_HOST"),
            std::string::npos);
  unsetenv("KUBERNETES_SERVICE_HOST");
  unsetenv("KUBERNETES_SERVICE_PORT");
}

}  // namespace
}  // namespace edgetide::kube
