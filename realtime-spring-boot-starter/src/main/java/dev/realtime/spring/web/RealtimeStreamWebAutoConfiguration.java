package dev.realtime.spring.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.stream.RealtimeStreamAutoConfiguration;
import dev.realtime.spring.stream.StreamKind;
import dev.realtime.spring.stream.Streams;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Auto-configuration of streams over HTTP in the servlet container. */
@AutoConfiguration(after = RealtimeStreamAutoConfiguration.class)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnBean(Streams.class)
@Import(ContainerResponseConfiguration.class)
public class RealtimeStreamWebAutoConfiguration {

	/** One thread for the clocks of all streams: nothing on it blocks. */
	@Bean(destroyMethod = "close", defaultCandidate = false)
	Loop realtimeStreamTimer(Loops loops) {
		return loops.loop("realtime-stream-timer");
	}

	@Bean
	@ConditionalOnMissingBean(name = "realtimeStreamMapping")
	SimpleUrlHandlerMapping realtimeStreamMapping(Streams streams, RealtimeProperties properties,
			ObjectProvider<WebMvcConfigurer> configurers, @Qualifier("realtimeStreamTimer") Loop timer,
			AddressConnections addresses) {
		Map<String, Object> handlers = new LinkedHashMap<>();
		Map<String, CorsConfiguration> cors = new LinkedHashMap<>();
		for (StreamKind kind : StreamKind.values()) {
			String path = properties.http().path() + kind.path();
			handlers.put(path, new StreamRequestHandler(kind, streams, timer, addresses));
			cors.put(path, cors(kind, properties.allowedOrigins()));
		}
		SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping(handlers, RealtimeWebAutoConfiguration.ORDER);
		mapping.setInterceptors(ApplicationMvc.interceptors(configurers));
		if (!properties.allowedOrigins().isEmpty()) {
			mapping.setCorsConfigurations(cors);
		}
		return mapping;
	}

	/** Pages of the origins that may connect. */
	private static CorsConfiguration cors(StreamKind kind, List<String> origins) {
		CorsConfiguration cors = new CorsConfiguration();
		cors.setAllowedOriginPatterns(origins);
		cors.setAllowedMethods(List.of(kind.method()));
		cors.setAllowedHeaders(List.of(CorsConfiguration.ALL));
		cors.setExposedHeaders(StreamKind.EXPOSED_HEADERS);
		cors.setAllowCredentials(true);
		cors.setMaxAge(StreamKind.PREFLIGHT_SECONDS);
		return cors;
	}

}
