using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CacheBackup.Aws.Tests.Api;

/// <summary>
/// AWS Signature Version 4 for requests without a query, written from its documentation and held to AWS's published vectors: what a
/// signer of the SDK sent is computed again from what arrived.
/// </summary>
internal static class SigV4Reference
{
    /// <summary>The signature that an <c>Authorization</c> header over these parts of the request must have.</summary>
    public static string Signature(ScriptedRequest request, string[] signedHeaders, string region, string service, string secretKey)
    {
        string date = request.Header("X-Amz-Date") ?? throw new InvalidOperationException("The request has no X-Amz-Date.");
        string headers = string.Concat(signedHeaders.Select(name => $"{name}:{request.Header(name)?.Trim()}\n"));
        string canonical = string.Join(
            '\n', request.Method, request.Target, "", headers, string.Join(';', signedHeaders), Hex(SHA256.HashData(request.Body)));
        string scope = string.Create(CultureInfo.InvariantCulture, $"{date[..8]}/{region}/{service}/aws4_request");
        string toSign = string.Join('\n', "AWS4-HMAC-SHA256", date, scope, Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + secretKey);
        foreach (string part in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
