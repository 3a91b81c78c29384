// The codecs are held to manifests/crds field by field, by walking the schemas.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "kube/crds.h"
#include "unit/kube/codec_cases.h"
#include "yaml/to_json.h"
#include "yaml/yaml.h"

namespace edgetide::kube {
namespace {

/// The schema of a kind's objects.
json::Value schema_of(const std::string& plural) {
  for (const CrdFile& file : crd_files()) {
    if (file.name != plural + ".yaml") continue;
    const auto documents = yaml::load_all(file.text, file.name);
    if (!documents.ok()) ADD_FAILURE() << documents.error().text();
    return yaml::to_json(documents->front())
        .value["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
  }
  ADD_FAILURE() << plural;
  return {};
}

/// One field of a schema: its rule, and where a full object has it.
struct SchemaField {
  json::Value schema;
  std::string path;                 ///< As problems name it.
  json::Value::json_pointer place;  ///< In the object.
};
using VisitField = std::function<void(const SchemaField&)>;

void walk(const SchemaField& field, const VisitField& visit) {
  visit(field);
  const json::Value members = field.schema.value("properties", json::Value::object());
  for (const auto& [name, schema] : members.items()) {
    walk({schema, json::child_path(field.path, name), field.place / name}, visit);
  }
  if (field.schema.contains("items")) {
    walk({field.schema["items"], json::child_path(field.path, std::size_t{0}), field.place / 0},
         visit);
  }
}

void walk_spec(const std::string& plural, const VisitField& visit) {
  const json::Value spec = schema_of(plural)["properties"]["spec"];
  walk({spec, "spec", json::Value::json_pointer{"/spec"}}, visit);
}

bool is_at_fault(const std::string& plural, const json::Value& object, const std::string& path) {
  for (const FieldProblem& problem : problems_of(plural, object, {.refuse_unknown = true})) {
    if (problem.path == path) return true;
  }
  return false;
}

/// Of one workload that the scheduler spreads, in place of failure domains.
bool is_of_one_workload(const SchemaField& field) {
  return field.path.starts_with("spec.scaleTargetRef") || field.path == "spec.topologyKey";
}

/// The full object, with one workload in place of failure domains for the fields of that.
json::Value full_with(const Kind& kind, const SchemaField& field) {
  json::Value object = kind.full;
  if (!is_of_one_workload(field)) return object;
  object["spec"]["scaleTargetRef"] = object["spec"]["failureDomains"][0]["scaleTargetRef"];
  object["spec"]["topologyKey"] = "topology.kubernetes.io/zone";
  object["spec"].erase("failureDomains");
  return object;
}

TEST(CodecSchema, FullObjectsHaveEveryField) {
  for (const Kind& kind : read_kinds()) {
    walk_spec(kind.plural, [&](const SchemaField& field) {
      // One of two headers has a value, the other a reference.
      if (field.path.starts_with("spec.headers[0].secretRef")) return;
      if (field.path.starts_with("spec.source.configMapKeyRef")) return;  // for secretKeyRef
      EXPECT_TRUE(full_with(kind, field).contains(field.place)) << kind.plural << ' ' << field.path;
    });
  }
}

TEST(CodecSchema, BoundsOfIntegersAreTheSame) {
  int bounds = 0;
  for (const Kind& kind : read_kinds()) {
    walk_spec(kind.plural, [&](const SchemaField& field) {
      if (field.schema.value("type", "") != "integer") return;
      ASSERT_TRUE(field.schema.contains("minimum") && field.schema.contains("maximum"))
          << field.path;
      const auto check = [&](std::int64_t value, bool legal) {
        json::Value object = kind.full;
        object[field.place] = value;
        // The other end of a pair, and what the domains hold, are to stay out of the way.
        if (kind.plural == "edgepools") {
          if (field.path != "spec.replicas.min") object["/spec/replicas/min"_json_pointer] = 1;
          if (field.path != "spec.replicas.max") object["/spec/replicas/max"_json_pointer] = 100000;
          object["/spec/failureDomains/1/maxReplicas"_json_pointer] = 100000;
        }
        EXPECT_EQ(is_at_fault(kind.plural, object, field.path), !legal)
            << kind.plural << ' ' << field.path << ' ' << value;
      };
      const auto min = field.schema["minimum"].get<std::int64_t>();
      const auto max = field.schema["maximum"].get<std::int64_t>();
      check(min, true);
      check(max, true);
      check(min - 1, false);
      check(max + 1, false);
      ++bounds;
    });
  }
  EXPECT_GT(bounds, 15);
}

/// Texts of that many characters that the field's pattern may take.
std::vector<std::string> texts_of(std::size_t size) {
  std::string dotted = "v1";
  while (dotted.size() < size) dotted += dotted.size() % 2 == 0 ? '1' : '0';
  std::string url = "http://a/";
  url.resize(std::max(size, url.size()), 'a');
  std::string kind = "K";
  kind.resize(size, 'a');
  std::string two_bytes;
  for (std::size_t i = 0; i < size; ++i) two_bytes += "\xC3\xA9";
  return {std::string(size, 'a'), kind, dotted, url, two_bytes};
}

TEST(CodecSchema, LengthsOfTextsAreTheSame) {
  for (const Kind& kind : read_kinds()) {
    walk_spec(kind.plural, [&](const SchemaField& field) {
      const bool is_free_text =
          field.schema.value("type", "") == "string" && !field.schema.contains("enum");
      if (!is_free_text || field.path == "spec.start") return;
      ASSERT_TRUE(field.schema.contains("maxLength")) << field.path;
      const auto max = field.schema["maxLength"].get<std::size_t>();
      const auto is_legal = [&](const std::string& text) {
        json::Value object = full_with(kind, field);
        object[field.place] = text;
        return !is_at_fault(kind.plural, object, field.path);
      };
      EXPECT_TRUE(std::ranges::any_of(texts_of(max), is_legal)) << kind.plural << ' ' << field.path;
      EXPECT_TRUE(std::ranges::none_of(texts_of(max + 1), is_legal)) << field.path;
    });
  }
}

TEST(CodecSchema, SizesOfListsAreTheSame) {
  for (const Kind& kind : read_kinds()) {
    walk_spec(kind.plural, [&](const SchemaField& field) {
      if (field.schema.value("type", "") != "array") return;
      json::Value object = kind.full;
      json::Value& list = object[field.place];
      const json::Value item = list[0];
      const auto max = field.schema.at("maxItems").get<std::size_t>();
      while (list.size() < max) list.push_back(item);
      EXPECT_FALSE(is_at_fault(kind.plural, object, field.path)) << field.path;
      list.push_back(item);
      EXPECT_TRUE(is_at_fault(kind.plural, object, field.path)) << field.path;
      list = json::Value::array();
      EXPECT_EQ(is_at_fault(kind.plural, object, field.path), field.schema.contains("minItems"))
          << field.path;
    });
  }
}

TEST(CodecSchema, RequiredFieldsAreTheSame) {
  for (const Kind& kind : read_kinds()) {
    walk_spec(kind.plural, [&](const SchemaField& field) {
      std::vector<std::string> required =
          field.schema.value("required", std::vector<std::string>{});
      const json::Value members = field.schema.value("properties", json::Value::object());
      for (const auto& [name, schema] : members.items()) {
        json::Value object = kind.full;
        if (!object.contains(field.place / name)) continue;
        if (name == "failureDomains") continue;  // or one workload: tests/contract/crds has both
        object[field.place].erase(name);
        const bool is_required = std::ranges::count(required, name) > 0;
        EXPECT_EQ(is_at_fault(kind.plural, object, json::child_path(field.path, name)), is_required)
            << kind.plural << ' ' << field.path << ' ' << name;
      }
    });
  }
}

TEST(CodecSchema, ChoicesAreTheSame) {
  for (const Kind& kind : read_kinds()) {
    walk_spec(kind.plural, [&](const SchemaField& field) {
      for (const json::Value& choice : field.schema.value("enum", json::Value::array())) {
        json::Value object = kind.full;
        object[field.place] = choice;
        EXPECT_FALSE(is_at_fault(kind.plural, object, field.path)) << field.path << choice;
        object[field.place] = choice.get<std::string>() + "x";
        EXPECT_TRUE(is_at_fault(kind.plural, object, field.path)) << field.path << choice;
      }
    });
  }
}

TEST(CodecSchema, NothingIsTakenThatTheSchemaDoesNotKnow) {
  for (const Kind& kind : read_kinds()) {
    walk_spec(kind.plural, [&](const SchemaField& field) {
      if (!field.schema.contains("properties") || !kind.full.contains(field.place)) return;
      json::Value object = kind.full;
      object[field.place]["surplus"] = 1;
      EXPECT_TRUE(is_at_fault(kind.plural, object, field.path + ".surplus")) << field.path;
    });
  }
}

TEST(CodecSchema, OfAnotherTypeIsAProblem) {
  for (const Kind& kind : read_kinds()) {
    walk_spec(kind.plural, [&](const SchemaField& field) {
      if (!kind.full.contains(field.place)) return;
      const std::string type = field.schema.value("type", "");
      json::Value object = kind.full;
      object[field.place] = type == "object" ? json::Value("text") : json::Value::object();
      EXPECT_TRUE(is_at_fault(kind.plural, object, field.path)) << field.path;
    });
  }
}

TEST(CrdSchemas, ExplainAndBoundEveryField) {
  for (const Kind& kind : read_kinds()) {
    const json::Value schema = schema_of(kind.plural);
    walk({schema, "", json::Value::json_pointer{}}, [&](const SchemaField& field) {
      const std::string where = kind.plural + " " + field.path;
      if (field.path == "metadata") return;
      EXPECT_FALSE(field.schema.value("description", "").empty()) << where;
      const std::string type = field.schema.value("type", "");
      if (type == "string") {
        EXPECT_TRUE(field.schema.contains("maxLength") || field.schema.contains("enum") ||
                    field.schema.contains("format") || field.path.find('.') == std::string::npos)
            << where;
      }
      EXPECT_TRUE(type != "array" || field.schema.contains("maxItems")) << where;
      EXPECT_NE(type, "number") << where << ": no floats in the API";
    });
  }
}

TEST(CrdSchemas, HaveNoStatusThatNobodyWrites) {
  const std::pair<const char*, const char*> kinds[] = {
      {"edgepools", "status.json"},
      {"eventclasses", "eventclass_status.json"},
      {"eventcalendars", "eventcalendar_status.json"}};
  for (const auto& [kind, file] : kinds) {
    const json::Value written = read_contract(file);
    const json::Value status = schema_of(kind)["properties"]["status"];
    walk({status, "status", json::Value::json_pointer{"/status"}}, [&](const SchemaField& field) {
      // Written in place of the counts.
      if (field.path == "status.domains[0].message") return;
      EXPECT_TRUE(written.contains(field.place)) << kind << ' ' << field.path;
    });
  }
}

TEST(Crds, AreOneStream) {
  const auto documents = yaml::load_all(crd_stream(), "crds");
  ASSERT_TRUE(documents.ok()) << documents.error().text();
  ASSERT_EQ(documents->size(), crd_files().size());
  for (const yaml::Value& document : *documents) {
    EXPECT_EQ(*document.find("kind")->as_string(), "CustomResourceDefinition");
  }
}

}  // namespace
}  // namespace edgetide::kube
