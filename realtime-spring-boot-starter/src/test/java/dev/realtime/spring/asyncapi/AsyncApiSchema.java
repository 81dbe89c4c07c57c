package dev.realtime.spring.asyncapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

/** The JSON Schema that belongs to the specification, version 3.0.0. */
public final class AsyncApiSchema {

	/** Installed with what the JavaScript client's build needs. */
	private static final Path FILE = Path.of("..", "realtime-client-js", "node_modules", "@asyncapi", "specs",
			"schemas", "3.0.0-without-$id.json");

	private static final Schema SCHEMA = load();

	private AsyncApiSchema() {
	}

	/** Returns what is wrong with the document. */
	public static List<String> problems(String json) {
		return SCHEMA.validate(json, InputFormat.JSON).stream().map(Error::toString).toList();
	}

	private static Schema load() {
		try (InputStream file = Files.newInputStream(FILE)) {
			return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
