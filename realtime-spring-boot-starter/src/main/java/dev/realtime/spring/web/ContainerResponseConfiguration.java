package dev.realtime.spring.web;

import dev.realtime.spring.RealtimeProperties;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** What documents and streams need of the container's chain of filters. */
@Configuration(proxyBeanMethods = false)
class ContainerResponseConfiguration {

	/** No candidate where the application injects its own registrations. */
	@Bean(defaultCandidate = false)
	static ContainerResponseFilter.Registration realtimeContainerResponseFilter(RealtimeProperties properties,
			Environment environment) {
		String servlet = environment.getProperty("spring.mvc.servlet.path", "/");
		String prefix = servlet.endsWith("/") ? servlet.substring(0, servlet.length() - 1) : servlet;
		boolean relative = !prefix.isEmpty() && !prefix.startsWith("/");
		return new ContainerResponseFilter.Registration((relative ? "/" : "") + prefix + properties.http().path());
	}

}
