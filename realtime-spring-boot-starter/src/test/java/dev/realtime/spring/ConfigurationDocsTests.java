package dev.realtime.spring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing that can be set is missing from the page that says what can be set. */
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
			.extracting(
					(component) -> component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT))
			.filteredOn((name) -> !page.contains("`realtime.topics.<name>." + name + '`'))
			.isEmpty();
	}

	@Test
	void thePageNamesNoPropertyThatDoesNotExist() throws IOException {
		List<String> known = propertyNames();
		String page = Files.readString(PAGE);
		assertThat(page.substring(0, page.indexOf("\n## Beans")).lines())
			.filteredOn((line) -> line.startsWith("| `realtime.") && !line.startsWith("| `realtime.topics.<name>."))
			.extracting((line) -> line.substring(3, line.indexOf('`', 3)))
			.isNotEmpty()
			.isSubsetOf(known);
	}

	@SuppressWarnings("unchecked")
	private static List<String> propertyNames() throws IOException {
		String metadata = new ClassPathResource("META-INF/spring-configuration-metadata.json",
				RealtimeProperties.class.getClassLoader())
			.getContentAsString(StandardCharsets.UTF_8);
		List<Map<String, Object>> properties = (List<Map<String, Object>>) JsonParserFactory.getJsonParser()
			.parseMap(metadata)
			.getOrDefault("properties", List.of());
		return properties.stream()
			.map((property) -> String.valueOf(property.get("name")))
			.filter((name) -> name.startsWith("realtime."))
			.toList();
	}

}
