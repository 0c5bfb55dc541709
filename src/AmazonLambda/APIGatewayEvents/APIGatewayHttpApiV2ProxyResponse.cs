using System.Text.Json.Serialization;

namespace Amazon.Lambda.APIGatewayEvents;

/// <summary>A function's answer to an HTTP API, payload format 2.0; at most 6 MB as JSON.</summary>
public class APIGatewayHttpApiV2ProxyResponse
{
    [JsonPropertyName("statusCode")]
    public int StatusCode { get; set; }

    /// <summary>The headers; values of a repeated header are joined with commas.</summary>
    [JsonPropertyName("headers")]
    public IDictionary<string, string>? Headers { get; set; }

    /// <summary>One <c>set-cookie</c> value each.</summary>
    [JsonPropertyName("cookies")]
    public string[]? Cookies { get; set; }

    /// <summary>The body: text, or base64 where <see cref="IsBase64Encoded"/> says so.</summary>
    [JsonPropertyName("body")]
    public string? Body { get; set; }

    [JsonPropertyName("isBase64Encoded")]
    public bool IsBase64Encoded { get; set; }

    /// <summary>Sets a header, or with <paramref name="append"/> adds the value to the ones that it has.</summary>
    public void SetHeaderValues(string headerName, string value, bool append) => SetHeaderValues(headerName, [value], append);

    /// <summary>Sets a header's values, or with <paramref name="append"/> adds them to the ones that it has.</summary>
    public void SetHeaderValues(string headerName, IEnumerable<string> values, bool append)
    {
        Headers ??= new Dictionary<string, string>();
        var joined = string.Join(',', values);
        Headers[headerName] = append && Headers.TryGetValue(headerName, out var present) ? $"{present},{joined}" : joined;
    }
}
