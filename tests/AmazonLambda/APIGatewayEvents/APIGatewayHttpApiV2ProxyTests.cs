using System.Text;
using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace CacheBackup.AmazonLambda.Tests.APIGatewayEvents;

public sealed class APIGatewayHttpApiV2ProxyTests
{
    private static readonly SourceGeneratorLambdaJsonSerializer<LambdaTestContext> Serializer = new();

    [Fact]
    public void Request_of_an_http_api_behind_iam_is_read_whole()
    {
        const string json = """
            {
              "version": "2.0", "routeKey": "$default", "rawPath": "/backups/a b", "rawQueryString": "max=1&tag=x",
              "cookies": ["c=1"], "headers": {"host": "h", "content-type": "application/json"},
              "queryStringParameters": {"max": "1", "tag": "x"},
              "requestContext": {
                "accountId": "123456789012", "apiId": "api", "authentication": null,
                "authorizer": {"iam": {"accessKey": "AK", "accountId": "1", "callerId": "c", "cognitoIdentity": null,
                  "principalOrgId": "o", "userArn": "arn:aws:iam::1:user/u", "userId": "u"}},
                "domainName": "d", "domainPrefix": "p",
                "http": {"method": "POST", "path": "/backups", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "ua"},
                "requestId": "r", "routeId": null, "routeKey": "$default", "stage": "$default",
                "time": "12/Mar/2020:19:03:58 +0000", "timeEpoch": 1583348638390
              },
              "body": "aGk=", "pathParameters": {"name": "a b"}, "isBase64Encoded": true, "stageVariables": {"s": "v"}, "newMember": 1
            }
            """;

        var request = Serializer.Deserialize<APIGatewayHttpApiV2ProxyRequest>(new MemoryStream(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(("2.0", "$default", "/backups/a b", "max=1&tag=x"), (request.Version, request.RouteKey, request.RawPath, request.RawQueryString));
        Assert.Equal(("aGk=", true, "c=1"), (request.Body, request.IsBase64Encoded, request.Cookies!.Single()));
        Assert.Equal("application/json", request.Headers!["content-type"]);
        Assert.Equal("x", request.QueryStringParameters!["tag"]);
        Assert.Equal("a b", request.PathParameters!["name"]);
        Assert.Equal("v", request.StageVariables!["s"]);
        var context = request.RequestContext!;
        Assert.Equal(("POST", "192.0.2.1", "ua"), (context.Http!.Method, context.Http.SourceIp, context.Http.UserAgent));
        Assert.Equal(("r", "$default", 1583348638390), (context.RequestId, context.Stage, context.TimeEpoch));
        Assert.Equal(("arn:aws:iam::1:user/u", "AK"), (context.Authorizer!.IAM!.UserARN, context.Authorizer.IAM.AccessKey));
    }

    [Fact]
    public void Request_behind_a_token_carries_its_claims()
    {
        var request = Serializer.Deserialize<APIGatewayHttpApiV2ProxyRequest>(new MemoryStream(
            """{"requestContext":{"authorizer":{"jwt":{"claims":{"sub":"me"},"scopes":["a","b"]},"lambda":{"n":1}}}}"""u8.ToArray()));

        Assert.Equal("me", request.RequestContext!.Authorizer!.Jwt!.Claims!["sub"]);
        Assert.Equal(["a", "b"], request.RequestContext.Authorizer.Jwt.Scopes!);
        Assert.Equal("1", request.RequestContext.Authorizer.Lambda!["n"].ToString());
    }

    [Fact]
    public void Response_is_in_camel_case_and_leaves_out_what_is_not_set()
    {
        using var stream = new MemoryStream();

        Serializer.Serialize(new APIGatewayHttpApiV2ProxyResponse { StatusCode = 202, Headers = new Dictionary<string, string> { ["Retry-After"] = "1" } }, stream);

        Assert.Equal("""{"statusCode":202,"headers":{"Retry-After":"1"},"isBase64Encoded":false}""", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public void Header_values_are_set_or_joined()
    {
        var response = new APIGatewayHttpApiV2ProxyResponse();

        response.SetHeaderValues("vary", "a", append: true);
        response.SetHeaderValues("vary", ["b", "c"], append: true);
        response.SetHeaderValues("etag", "1", append: false);
        response.SetHeaderValues("etag", "2", append: false);

        Assert.Equal(("a,b,c", "2"), (response.Headers!["vary"], response.Headers["etag"]));
    }
}
