package dev.realtime.spring.gateway;

import java.security.Principal;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/** Users of Spring Security's, with their authorities. */
public final class SecurityGatewayUsers extends GatewayUsers {

	@Override
	public @Nullable String name(@Nullable Principal user) {
		return (user instanceof AnonymousAuthenticationToken
				|| (user instanceof Authentication known && !known.isAuthenticated())) ? null : super.name(user);
	}

	@Override
	public List<String> authorities(@Nullable Principal user) {
		return (name(user) != null && user instanceof Authentication known)
				? known.getAuthorities().stream().map(GrantedAuthority::getAuthority).filter(Objects::nonNull).toList()
				: List.of();
	}

	@Override
	public Principal user(String name, List<String> authorities) {
		return UsernamePasswordAuthenticationToken.authenticated(name, null,
				AuthorityUtils.createAuthorityList(authorities));
	}

}
