package dev.realtime.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The licenses of all that an application gets with the starter, optional dependencies
 * included, as the build's bill of materials has them.
 */
class LicensesIT {

	private static final Path SBOM = Path.of("target", "sbom.json");

	/**
	 * SPDX identifiers, or names where a project's pom has a license of no known name:
	 * RabbitMQ's client calls the Apache License "AL 2.0". That of Bouncy Castle, which
	 * the client of NATS brings, is the MIT License in other words.
	 */
	private static final Set<String> ALLOWED = Set.of("Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause",
			"EPL-1.0", "EPL-2.0", "EDL-1.0", "CC0-1.0", "0BSD", "Public Domain",
			"Public Domain, per Creative Commons CC0", "AL 2.0", "Bouncy Castle Licence");

	@Test
	void everyDependencyHasALicenseThatApplicationsMayUse() throws IOException {
		Map<String, List<String>> licenses = licenses();
		StringBuilder list = new StringBuilder();
		licenses.forEach((component,
				known) -> list.append(component).append("  ").append(String.join(" or ", known)).append('\n'));
		Files.writeString(SBOM.resolveSibling("licenses.txt"), list);
		assertThat(licenses).hasSizeGreaterThan(20)
			.hasKeySatisfying(new Condition<>((name) -> name.contains(":lettuce-core:"), "Lettuce"));
		licenses.forEach((component, known) -> assertThat(known)
			.as("%s has the licenses %s, and none of them is in LicensesIT.ALLOWED. Read the license, then either use another"
					+ " library, or allow it there", component, known)
			.anyMatch(ALLOWED::contains));
	}

	/** Returns the licenses of each component, of which a user may choose one. */
	private static Map<String, List<String>> licenses() throws IOException {
		Map<String, List<String>> licenses = new TreeMap<>();
		for (Object component : list(JsonParserFactory.getJsonParser().parseMap(Files.readString(SBOM)),
				"components")) {
			List<String> known = new ArrayList<>();
			for (Object choice : list(component, "licenses")) {
				Object license = member(choice, "license");
				known.add(license.equals("") ? String.valueOf(member(choice, "expression")) : String
					.valueOf(member(license, "id").equals("") ? member(license, "name") : member(license, "id")));
			}
			licenses.put(
					member(component, "group") + ":" + member(component, "name") + ':' + member(component, "version"),
					known);
		}
		return licenses;
	}

	private static List<?> list(Object object, String name) {
		return (member(object, name) instanceof List<?> list) ? list : List.of();
	}

	private static Object member(Object object, String name) {
		Object member = ((Map<?, ?>) object).get(name);
		return (member != null) ? member : "";
	}

}
