package dev.realtime.test.guide;

import dev.realtime.test.shop.WithoutSecurity;

import org.springframework.boot.SpringBootConfiguration;

/** The service that the reader of the guide has already. */
@SpringBootConfiguration
@WithoutSecurity
class GuideApplication {

}
