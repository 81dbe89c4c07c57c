package dev.realtime.spring.asyncapi.app;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** An application with Spring Security as Boot configures it. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class SecuredApplication {

	/** Starts it with a user. */
	public static ConfigurableApplicationContext start(String user, String password) {
		return new SpringApplicationBuilder(SecuredApplication.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "realtime.broker=memory", "realtime.drain.spread=0s",
					"realtime.asyncapi.enabled=true", "spring.security.user.name=" + user,
					"spring.security.user.password=" + password, "spring.main.register-shutdown-hook=false")
			.run();
	}

}
