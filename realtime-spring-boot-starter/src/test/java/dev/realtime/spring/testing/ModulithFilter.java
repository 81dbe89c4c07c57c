package dev.realtime.spring.testing;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Spring Modulith is on the class path for one test; other tests are of applications
 * without it.
 */
public final class ModulithFilter implements AutoConfigurationImportFilter, EnvironmentAware {

	private boolean wanted;

	@Override
	public void setEnvironment(Environment environment) {
		this.wanted = environment.getProperty("test.modulith", Boolean.class, false);
	}

	@Override
	public boolean[] match(@Nullable String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[autoConfigurationClasses.length];
		for (int i = 0; i < matches.length; i++) {
			String name = autoConfigurationClasses[i];
			matches[i] = this.wanted || name == null || !name.startsWith("org.springframework.modulith.");
		}
		return matches;
	}

}
