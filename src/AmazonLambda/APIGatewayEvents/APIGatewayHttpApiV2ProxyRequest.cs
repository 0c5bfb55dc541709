namespace Amazon.Lambda.APIGatewayEvents;

/// <summary>
/// An HTTP API's request as API Gateway hands it to a function, payload format 2.0. Members that the gateway leaves out are null.
/// Source: API Gateway developer guide, "AWS Lambda proxy integrations for HTTP APIs".
/// </summary>
public class APIGatewayHttpApiV2ProxyRequest
{
    /// <summary>The payload's format: <c>2.0</c>.</summary>
    public string? Version { get; set; }

    /// <summary>The route that matched, such as <c>GET /backups/{name}</c> or <c>$default</c>.</summary>
    public string? RouteKey { get; set; }

    /// <summary>The path, percent-decoded (an HTTP API does that, whatever the name says), the stage's name first where the stage is not <c>$default</c>.</summary>
    public string? RawPath { get; set; }

    public string? RawQueryString { get; set; }

    public string[]? Cookies { get; set; }

    /// <summary>The headers, names in lower case; values of a repeated header are joined with commas.</summary>
    public IDictionary<string, string>? Headers { get; set; }

    /// <summary>The decoded query; values of a repeated parameter are joined with commas.</summary>
    public IDictionary<string, string>? QueryStringParameters { get; set; }

    public ProxyRequestContext? RequestContext { get; set; }

    /// <summary>The body: text, or base64 where <see cref="IsBase64Encoded"/> says so.</summary>
    public string? Body { get; set; }

    public IDictionary<string, string>? PathParameters { get; set; }

    public bool IsBase64Encoded { get; set; }

    public IDictionary<string, string>? StageVariables { get; set; }

    /// <summary>Who sent the request, and by which API and route.</summary>
    public class ProxyRequestContext
    {
        public string? AccountId { get; set; }

        public string? ApiId { get; set; }

        public AuthorizerDescription? Authorizer { get; set; }

        public string? DomainName { get; set; }

        public string? DomainPrefix { get; set; }

        public HttpDescription? Http { get; set; }

        public string? RequestId { get; set; }

        public string? RouteId { get; set; }

        public string? RouteKey { get; set; }

        public string? Stage { get; set; }

        /// <summary>The time of the request in the common log's format, such as <c>12/Mar/2020:19:03:58 +0000</c>.</summary>
        public string? Time { get; set; }

        /// <summary>The time of the request, Unix milliseconds.</summary>
        public long TimeEpoch { get; set; }
    }

    /// <summary>The request line and the peer.</summary>
    public class HttpDescription
    {
        public string? Method { get; set; }

        public string? Path { get; set; }

        public string? Protocol { get; set; }

        public string? SourceIp { get; set; }

        public string? UserAgent { get; set; }
    }

    /// <summary>What the route's authorizer found out; one member is set.</summary>
    public class AuthorizerDescription
    {
        public JwtDescription? Jwt { get; set; }

        /// <summary>What a Lambda authorizer answered; values are JSON scalars.</summary>
        public IDictionary<string, object>? Lambda { get; set; }

        public IAMDescription? IAM { get; set; }

        /// <summary>The IAM principal that signed the request.</summary>
        public class IAMDescription
        {
            public string? AccessKey { get; set; }

            public string? AccountId { get; set; }

            public string? CallerId { get; set; }

            public CognitoIdentityDescription? CognitoIdentity { get; set; }

            public string? PrincipalOrgId { get; set; }

            public string? UserARN { get; set; }

            public string? UserId { get; set; }
        }

        /// <summary>The Cognito identity behind an IAM principal.</summary>
        public class CognitoIdentityDescription
        {
            public IList<string>? AMR { get; set; }

            public string? IdentityId { get; set; }

            public string? IdentityPoolId { get; set; }
        }

        /// <summary>The claims of a verified JSON Web Token.</summary>
        public class JwtDescription
        {
            public IDictionary<string, string>? Claims { get; set; }

            public string[]? Scopes { get; set; }
        }
    }
}
