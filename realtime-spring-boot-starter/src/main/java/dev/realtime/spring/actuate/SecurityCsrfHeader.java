package dev.realtime.spring.actuate;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** The token that Spring Security's filter has put into the request. */
final class SecurityCsrfHeader implements CsrfHeader {

	@Override
	public @Nullable Map<String, String> ofThisRequest() {
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		if (request != null && request.getAttribute(CsrfToken.class.getName(),
				RequestAttributes.SCOPE_REQUEST) instanceof CsrfToken token) {
			return Map.of("header", token.getHeaderName(), "token", token.getToken());
		}
		return null;
	}

}
