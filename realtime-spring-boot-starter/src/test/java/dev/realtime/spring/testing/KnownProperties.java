package dev.realtime.spring.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.springframework.boot.json.JsonParserFactory;

/** The configuration properties that the libraries on the class path describe. */
public final class KnownProperties {

	private KnownProperties() {
	}

	/** Returns their names, such as {@code realtime.relay.type}. */
	@SuppressWarnings("unchecked")
	public static Set<String> names() throws IOException {
		Set<String> names = new TreeSet<>();
		for (URL each : Collections
			.list(KnownProperties.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream in = each.openStream()) {
				Map<String, Object> metadata = JsonParserFactory.getJsonParser()
					.parseMap(new String(in.readAllBytes(), StandardCharsets.UTF_8));
				((List<Map<String, Object>>) metadata.getOrDefault("properties", List.of()))
					.forEach((property) -> names.add(String.valueOf(property.get("name"))));
			}
		}
		return names;
	}

}
