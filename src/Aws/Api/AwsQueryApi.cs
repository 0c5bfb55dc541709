using System.Text;
using System.Xml;
using System.Xml.Linq;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws.Api;

/// <summary>AWS's Query protocol: a form is sent, XML is answered.</summary>
/// <param name="version">The API's date, as the service's model says.</param>
/// <param name="fail">Makes the exception for an error that stays; null: the usual one.</param>
internal sealed class AwsQueryApi(AwsApi api, string version, Func<AwsFailure, Exception>? fail = null)
{
    /// <summary>The element <c>&lt;Action&gt;Result</c> of the answer; the names in it have no namespace.</summary>
    /// <exception cref="AwsServiceException">Refused for good.</exception>
    /// <exception cref="StoreUnavailableException">Not now.</exception>
    public async Task<XElement> SendAsync(
        string action, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        AwsRequest call = new(action, "application/x-www-form-urlencoded; charset=utf-8", Target: null, FormOf(action, parameters));
        AwsReply reply = await api.SendAsync(call, ErrorOf, fail ?? AwsApi.Refused, cancellationToken);
        try
        {
            return Parse(reply.Body).Element(action + "Result") ?? throw new XmlException($"There is no {action}Result.");
        }
        catch (XmlException e)
        {
            throw new StoreUnavailableException(
                $"{api.Service} answered {action} with something that is not the XML it should be. Whether it took effect is not known; try again.", e);
        }
    }

    internal static AwsError ErrorOf(AwsReply reply)
    {
        try
        {
            XElement root = Parse(reply.Body);
            XElement? error = root.DescendantsAndSelf("Error").FirstOrDefault();
            return AwsError.Of(error?.Element("Code")?.Value, error?.Element("Message")?.Value, root.Descendants("RequestId").FirstOrDefault()?.Value);
        }
        catch (XmlException)
        {
            // A proxy's or load balancer's page: the status alone decides.
            return AwsError.Of(reply.ErrorType, null, null);
        }
    }

    private byte[] FormOf(string action, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        StringBuilder form = new();
        foreach ((string name, string value) in parameters.Prepend(new("Version", version)).Prepend(new("Action", action)))
        {
            form.Append(form.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return Encoding.ASCII.GetBytes(form.ToString());
    }

    /// <summary>No document type, nothing from outside, and no more characters than there are bytes, which are bounded.</summary>
    private static XElement Parse(ReadOnlyMemory<byte> body)
    {
        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = Math.Max(1, body.Length),
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        };
        using MemoryStream stream = new(body.ToArray(), writable: false);
        using XmlReader reader = XmlReader.Create(stream, settings);
        XElement root = XElement.Load(reader);
        foreach (XElement element in root.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return root;
    }
}
