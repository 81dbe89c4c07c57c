package dev.realtime.spring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** The page of properties has all of them with their defaults. */
class ConfigurationDocsTests {

	private static final Path PAGE = Path.of("..", "docs", "configuration.md");

	@Test
	void thePageNamesEveryProperty() throws IOException {
		String page = Files.readString(PAGE);
		assertThat(propertyNames()).hasSizeGreaterThan(30)
			.filteredOn((name) -> !page.contains('`' + name + '`'))
			.isEmpty();
	}

	@Test
	void thePageNamesEveryPropertyOfATopic() throws IOException {
		String page = Files.readString(PAGE);
		assertThat(TopicRule.class.getRecordComponents())
			.extracting((component) -> component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
			.filteredOn((name) -> !page.contains("`realtime.topics.<name>." + name + '`'))
			.isEmpty();
	}

	@Test
	void thePageNamesEveryPropertyOfAWebhook() throws IOException {
		String page = Files.readString(PAGE);
		assertThat(WebhookProperties.class.getRecordComponents())
			.extracting((component) -> component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
			.filteredOn((name) -> !page.contains("`realtime.webhooks.<name>." + name + '`'))
			.isEmpty();
	}

	@Test
	void thePageNamesNoPropertyThatDoesNotExist() throws IOException {
		assertThat(rows().keySet()).isNotEmpty().isSubsetOf(propertyNames());
	}

	@Test
	void thePageHasTheDefaults() throws IOException {
		Map<String, String> rows = rows();
		for (Map<String, Object> property : properties()) {
			String name = String.valueOf(property.get("name"));
			Object value = property.get("defaultValue");
			if (value instanceof List<?> values) {
				value = StringUtils.collectionToDelimitedString(values, ", ");
			}
			assertThat(rows.get(name)).as(name)
				.isIn((value != null) ? List.of("`" + value + '`') : List.of("none", "all", "random"));
		}
	}

	/** The rows of the tables: the second column by the name in the first. */
	private static Map<String, String> rows() throws IOException {
		Map<String, String> rows = new LinkedHashMap<>();
		Files.readString(PAGE)
			.lines()
			.filter((line) -> line.startsWith("| `realtime.") && !line.contains("s.<name>."))
			.map((line) -> line.split(" \\| ", -1))
			.forEach((columns) -> rows.put(columns[0].substring(3, columns[0].length() - 1), columns[1]));
		return rows;
	}

	private static List<String> propertyNames() throws IOException {
		return properties().stream().map((property) -> String.valueOf(property.get("name"))).toList();
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> properties() throws IOException {
		String metadata = new ClassPathResource("META-INF/spring-configuration-metadata.json",
				RealtimeProperties.class.getClassLoader())
			.getContentAsString(StandardCharsets.UTF_8);
		List<Map<String, Object>> properties = (List<Map<String, Object>>) JsonParserFactory.getJsonParser()
			.parseMap(metadata)
			.getOrDefault("properties", List.of());
		return properties.stream()
			.filter((property) -> String.valueOf(property.get("name")).startsWith("realtime."))
			.toList();
	}

}
