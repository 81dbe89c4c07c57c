package dev.realtime.spring.guide;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;

import org.springframework.boot.SpringBootConfiguration;

/** The service that the reader of a guide has already. */
@SpringBootConfiguration
@AutoConfigurationWithoutSecurity
class GuideApplication {

}
